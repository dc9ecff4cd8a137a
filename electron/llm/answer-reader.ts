import { z } from "zod";
import { ModelFailure, type ModelStep } from "./model";

/** One chunk of a streamed answer, read tolerantly: servers add fields, leave some out, and send null for absent. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.int().min(0).nullish(),
                  id: z.string().nullish(),
                  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }).nullish(),
});
type Chunk = z.output<typeof chunkSchema>;
type CallDelta = NonNullable<
  NonNullable<NonNullable<NonNullable<Chunk["choices"]>[number]["delta"]>["tool_calls"]>
>[number];

interface HalfCall {
  readonly index: number;
  id: string;
  name: string;
  arguments: string;
}

export interface AnswerLimits {
  readonly textCharacters: number;
  readonly argumentCharacters: number;
  readonly toolCalls: number;
}

/** Folds the chunks of one answer into steps. */
export interface AnswerReader {
  read(chunk: unknown): ModelStep[];
  /** What is complete only at the end. Throws when the answer broke off or was empty. */
  finish(): ModelStep[];
}

export function createAnswerReader(limits: AnswerLimits): AnswerReader {
  const calls: HalfCall[] = [];
  let characters = 0;
  let finishReason: string | undefined;
  let usage: ModelStep | undefined;

  function fold(delta: CallDelta): void {
    const index = delta.index ?? calls.length;
    const open = calls.findLast((call) => call.index === index);
    // Some servers number every call 0: another id at the same place is another call.
    const another = open !== undefined && Boolean(delta.id) && open.id !== "" && open.id !== delta.id;
    let call = open;
    if (!call || another) {
      if (calls.length >= limits.toolCalls) throw new ModelFailure("TURN_LIMIT");
      call = { index, id: "", name: "", arguments: "" };
      calls.push(call);
    }
    if (delta.id) call.id = delta.id;
    if (delta.function?.name && call.name !== delta.function.name) call.name += delta.function.name;
    call.arguments += delta.function?.arguments ?? "";
    if (call.arguments.length > limits.argumentCharacters || call.name.length > 200)
      throw new ModelFailure("MODEL_GARBLED");
  }

  return {
    read(raw) {
      const parsed = chunkSchema.safeParse(raw);
      if (!parsed.success) throw new ModelFailure("MODEL_GARBLED");
      const steps: ModelStep[] = [];
      const { choices, usage: used } = parsed.data;
      if (used) usage = { type: "usage", promptTokens: used.prompt_tokens, completionTokens: used.completion_tokens };
      const choice = choices?.[0];
      if (choice?.finish_reason) finishReason = choice.finish_reason;
      for (const delta of choice?.delta?.tool_calls ?? []) fold(delta);
      const text = choice?.delta?.content;
      if (text) {
        characters += text.length;
        if (characters > limits.textCharacters) throw new ModelFailure("TURN_LIMIT");
        steps.push({ type: "text", delta: text });
      }
      return steps;
    },
    finish() {
      if (finishReason === undefined)
        throw new ModelFailure(characters > 0 || calls.length > 0 ? "MODEL_STALLED" : "MODEL_GARBLED");
      if (finishReason === "length") throw new ModelFailure("TURN_LIMIT");
      if (finishReason === "content_filter")
        throw new ModelFailure("MODEL_UNAVAILABLE", { message: "The language model's own filter stopped the answer." });
      if (characters === 0 && calls.length === 0) throw new ModelFailure("MODEL_GARBLED");
      const steps: ModelStep[] = [...readCalls(calls)];
      if (usage) steps.push(usage);
      return [...steps, { type: "done" }];
    },
  };
}

/** Ids are made unique here: two calls with one id would make one of the two results unreachable. */
function readCalls(calls: readonly HalfCall[]): ModelStep[] {
  const taken = new Set<string>();
  return calls.map((call, place) => {
    const id = call.id !== "" && !taken.has(call.id) ? call.id : `${call.id || "call"}-${place + 1}`;
    taken.add(id);
    const parsed = readArguments(call.arguments);
    return {
      type: "tool_call",
      id,
      name: call.name.slice(0, 80),
      arguments: parsed ?? {},
      readable: parsed !== undefined,
    };
  });
}

function readArguments(text: string): Record<string, unknown> | undefined {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.hasOwn(value, "__proto__") ? undefined : (value as Record<string, unknown>);
  } catch {
    return undefined;
  }
}
