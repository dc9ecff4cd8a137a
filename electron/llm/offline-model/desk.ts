import { failureCodes } from "../../../shared/failure";
import { isToolName, type ToolInput, type ToolName, type ToolOutput, tools } from "../../../shared/tools/registry";
import type { ModelMessage, ModelToolCall } from "../model";

export type Found<N extends ToolName> =
  | { readonly ok: true; readonly value: ToolOutput<N> }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Where answers ask for what they need. What was looked up in this turn is there; the rest is noted and fetched, all of it
 * at once, before the answer is tried again.
 */
export interface Desk {
  look<N extends ToolName>(name: N, input: ToolInput<N>): Found<N> | undefined;
  readonly missing: readonly ModelToolCall[];
}

export function createDesk(turn: readonly ModelMessage[]): Desk {
  const results = new Map<string, ModelMessage & { author: "tool" }>();
  const keys = new Map<string, string>();
  for (const message of turn) {
    if (message.author === "assistant")
      for (const call of message.toolCalls) keys.set(call.id, keyOf(call.name, call.arguments));
    if (message.author !== "tool") continue;
    const key = keys.get(message.callId);
    if (key !== undefined) results.set(key, message);
  }
  const missing = new Map<string, ModelToolCall>();
  return {
    look<N extends ToolName>(name: N, input: ToolInput<N>): Found<N> | undefined {
      const args = input as Readonly<Record<string, unknown>>;
      const key = keyOf(name, args);
      const result = results.get(key);
      if (result) return read(name, result.ok, result.content);
      if (!missing.has(key)) missing.set(key, { id: `look-${results.size + missing.size + 1}`, name, arguments: args });
      return undefined;
    },
    get missing() {
      return [...missing.values()];
    },
  };
}

function keyOf(name: string, args: Readonly<Record<string, unknown>>): string {
  return `${name} ${JSON.stringify(args)}`;
}

/** Parses a result by its tool's own schema; what does not fit is a failure, never an empty chart. */
function read<N extends ToolName>(name: N, ok: boolean, content: string): Found<N> {
  const unreadable = { ok: false, code: "UNEXPECTED", message: "The look-up gave something unreadable." } as const;
  try {
    const raw: unknown = JSON.parse(content);
    if (ok) {
      const parsed = isToolName(name) ? tools[name].output.safeParse(raw) : undefined;
      return parsed?.success ? { ok: true, value: parsed.data as ToolOutput<N> } : unreadable;
    }
    if (typeof raw !== "object" || raw === null || !("code" in raw) || !("message" in raw)) return unreadable;
    const code = failureCodes.find((one) => one === raw.code) ?? "UNEXPECTED";
    return { ok: false, code, message: String(raw.message) };
  } catch {
    return unreadable;
  }
}
