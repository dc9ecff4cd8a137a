import type { ChatMessage } from "../../shared/assistant/turn";
import type { ModelMessage } from "../llm/model";

/** How much of a chat a model is given: the newest messages within both limits. */
export interface ConversationLimits {
  readonly messages: number;
  readonly characters: number;
}

/**
 * A chat's messages as a model sees them. Tool results of earlier turns are not kept: only their one-line summary is, so
 * that a model asks again for figures instead of repeating stale ones.
 */
export function toConversation(messages: readonly ChatMessage[], limits: ConversationLimits): ModelMessage[] {
  const kept: ChatMessage[] = [];
  let characters = 0;
  for (const message of messages.toReversed()) {
    characters += message.text.length;
    if (kept.length > 0 && (kept.length >= limits.messages || characters > limits.characters)) break;
    kept.unshift(message);
  }
  return kept.flatMap((message, place) => toModelMessages(message, place));
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
