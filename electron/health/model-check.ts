import { z } from "zod";
import { bad, type Finding, good, warning } from "./finding";

export interface ModelAddress {
  readonly apiKey: string;
  /** Undefined: the protocol's own public address. */
  readonly baseUrl: string | undefined;
  readonly model: string;
}

const LIMIT = 5000;
const LONGEST_LIST = 1_000_000;
const PUBLIC_ADDRESS = "https://api.openai.com/v1";
const listSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

async function textOf(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > LONGEST_LIST) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function names(text: string | null): readonly string[] | null {
  try {
    return listSchema.parse(JSON.parse(text ?? "")).data.map(({ id }) => id);
  } catch {
    return null;
  }
}

/**
 * Asks the configured server for the list of its models, and nothing else: no question, so nothing of a patient. Neither the
 * address nor what the server wrote stands in the answer.
 */
export async function checkModel(model: ModelAddress | undefined, fetch: typeof globalThis.fetch): Promise<Finding> {
  if (!model) return good("The built-in assistant answers on this machine; nothing leaves it.", { built_in: true });
  const figures = { built_in: false };
  const signal = AbortSignal.timeout(LIMIT);
  try {
    const response = await fetch(`${(model.baseUrl ?? PUBLIC_ADDRESS).replace(/\/+$/u, "")}/models`, {
      headers: { authorization: `Bearer ${model.apiKey}`, accept: "application/json" },
      // A redirect would carry the key elsewhere.
      redirect: "error",
      signal,
    });
    const answered = { ...figures, status: response.status };
    if (response.status === 401 || response.status === 403) {
      await response.body?.cancel();
      return bad("The language model refuses the key that this workstation was given.", answered);
    }
    if (!response.ok) {
      await response.body?.cancel();
      return response.status === 404
        ? warning("The language model's server answers but does not list its models.", answered)
        : bad("The language model's server answers with an error.", answered);
    }
    const offered = names(await textOf(response));
    if (!offered) return warning("The language model's server answers, but its list cannot be read.", answered);
    if (!offered.includes(model.model))
      return warning("The language model's server answers but does not offer the configured model.", answered);
    return good("The language model's server answers and accepts the key.", answered);
  } catch {
    return bad(
      signal.aborted
        ? `The language model does not answer within ${LIMIT / 1000} seconds. The chart works on without it.`
        : "The language model cannot be reached. The chart works on without it.",
      figures,
    );
  }
}
