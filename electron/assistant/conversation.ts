import type { ChatMessage, ModelView } from "../../shared/assistant/turn";
import type { ModelMessage } from "../llm/model";

/** How much of a chat a model is given: the newest messages within both limits. */
export interface ConversationLimits {
  readonly messages: number;
  readonly characters: number;
}

/** Stands for an answer that quotes what only a model on this machine may read. */
const withheld = "(An earlier answer, made on this machine, is not passed on. Look it up again if it is needed.)";

/**
 * A chat's messages as a model sees them. Tool results of earlier turns are not kept: only their one-line summary is, so
 * that a model asks again for figures instead of repeating stale ones. What a model on this machine answered was masked
 * for that machine alone, and does not go to one elsewhere when the chat is continued with it.
 */
export function toConversation(
  messages: readonly ChatMessage[],
  limits: ConversationLimits,
  mode: ModelView["mode"],
): ModelMessage[] {
  const kept: ChatMessage[] = [];
  let characters = 0;
  const passed = messages.map((message) => ({ ...message, text: textFor(message, mode) }));
  for (const message of passed.toReversed()) {
    characters += message.text.length;
    if (kept.length > 0 && (kept.length >= limits.messages || characters > limits.characters)) break;
    kept.unshift(message);
  }
  return kept.flatMap((message, place) => toModelMessages(message, place));
}

function textFor({ author, text, model }: ChatMessage, mode: ModelView["mode"]): string {
  const mayLeave = author === "person" || text === "" || (model !== null && model.mode !== "this-machine");
  return mode === "this-machine" || mayLeave ? text : withheld;
}

function toModelMessages(message: ChatMessage, place: number): ModelMessage[] {
  if (message.author === "person") return [{ author: "person", text: message.text }];
  const calls = message.toolCalls.filter((call) => call.ok !== null);
  const spoken: ModelMessage[] =
    message.text === "" ? [] : [{ author: "assistant", text: message.text, toolCalls: [] }];
  if (calls.length === 0) return spoken;
  const id = (callId: string) => `m${place}-${callId}`;
  return [
    {
      author: "assistant",
      text: "",
      toolCalls: calls.map((call) => ({ id: id(call.callId), name: call.toolName, arguments: call.arguments })),
    },
    ...calls.map(
      (call): ModelMessage => ({
        author: "tool",
        callId: id(call.callId),
        toolName: call.toolName,
        ok: call.ok === true,
        content: JSON.stringify(call.ok ? { summary: call.summary } : { code: call.code, message: call.summary }),
      }),
    ),
    ...spoken,
  ];
}
