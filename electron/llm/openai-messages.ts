import type { ModelMessage, ToolSpec } from "./model";

/** The shape of the chat completions protocol, as far as we write it. */
export type WireMessage =
  | { role: "system" | "user"; content: string }
  | {
      role: "assistant";
      content: string | null;
      tool_calls?: { id: string; type: "function"; function: { name: string; arguments: string } }[];
    }
  | { role: "tool"; tool_call_id: string; content: string };

export interface WireTool {
  type: "function";
  function: { name: string; description: string; parameters: Record<string, unknown> };
}

export function toWireMessages(messages: readonly ModelMessage[]): WireMessage[] {
  return messages.map((message): WireMessage => {
    if (message.author === "instructions") return { role: "system", content: message.text };
    if (message.author === "person") return { role: "user", content: message.text };
    if (message.author === "tool") return { role: "tool", tool_call_id: message.callId, content: message.content };
    if (message.toolCalls.length === 0) return { role: "assistant", content: message.text };
    return {
      role: "assistant",
      content: message.text === "" ? null : message.text,
      tool_calls: message.toolCalls.map((call) => ({
        id: call.id,
        type: "function",
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      })),
    };
  });
}

export function toWireTools(tools: readonly ToolSpec[]): WireTool[] {
  return tools.map((tool) => ({
    type: "function",
    function: { name: tool.name, description: tool.description, parameters: { ...tool.parameters } },
  }));
}
