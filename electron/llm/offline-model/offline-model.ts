import { Refusal } from "../../../shared/failure";
import type { Model, ModelRequest, ModelStep } from "../model";
import { wait } from "../until-aborted";
import { respond } from "./respond";

export interface OfflineModelOptions {
  readonly now: () => Date;
  /** Waits between two pieces of an answer; a real timer unless a test hands in its own. */
  readonly pace?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Longer than a frame, so that two pieces are never painted as one. */
const pauseMilliseconds = 24;
const fewestPieces = 6;
const mostPieces = 48;
const pieceCharacters = 32;

/**
 * The built-in assistant: no network, no language model, the same tools through the same loop. It answers the everyday
 * questions of a ward from what the tools say, and says so when it does not understand.
 */
export function createOfflineModel(options: OfflineModelOptions): Model {
  const pace = options.pace ?? wait;
  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelStep> {
    if (signal.aborted) throw new Refusal("STOPPED");
    const response = respond(request, options.now());
    if (response.kind === "calls") {
      for (const call of response.calls) yield { type: "tool_call", readable: true, ...call };
    } else {
      for (const [place, delta] of piecesOf(response.text).entries()) {
        if (place > 0) await pace(pauseMilliseconds, signal);
        if (signal.aborted) throw new Refusal("STOPPED");
        yield { type: "text", delta };
      }
    }
    yield { type: "done" };
  }
  return { view: { name: "offline", mode: "this-machine" }, audience: "local-model", resultCharacters: null, stream };
}

/** An answer in a few natural pieces that join to exactly itself: cut at spaces, and short answers not too short. */
export function piecesOf(text: string): string[] {
  const many = Math.min(mostPieces, Math.max(fewestPieces, Math.ceil(text.length / pieceCharacters)));
  const size = Math.max(1, Math.ceil(text.length / many));
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > size) {
    const space = rest.slice(0, size * 2).search(new RegExp(`(?<=^[^]{${size - 1},})\\s`, "u"));
    const cut = space > 0 ? space + 1 : size;
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  if (rest !== "") pieces.push(rest);
  return pieces.length >= 5 ? pieces : evenPieces(text);
}

/** For a text with too few spaces: even pieces, never cutting a surrogate pair. */
function evenPieces(text: string): string[] {
  const letters = Array.from(text);
  const size = Math.max(1, Math.ceil(letters.length / fewestPieces));
  const pieces: string[] = [];
  for (let start = 0; start < letters.length; start += size) pieces.push(letters.slice(start, start + size).join(""));
  return pieces;
}
