import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Assistant, createAssistant } from "../../electron/assistant/assistant";
import type { HalfAnswers } from "../../electron/assistant/half-answer";
import { createInstructions } from "../../electron/assistant/instructions";
import type { TurnLimits } from "../../electron/assistant/run-turn";
import type { Model } from "../../electron/llm/model";
import { createOfflineModel } from "../../electron/llm/offline-model/offline-model";
import { connectMcpTools } from "../../electron/mcp/mcp-tool-client";
import type { Role } from "../../shared/access/roles";
import type { TurnEvent } from "../../shared/assistant/turn";
import { wardNow } from "./fictitious-ward";
import { createMemoryChats, type MemoryChats } from "./memory-chats";
import { createMemoryDoor, type MemoryDoor } from "./memory-door";

export const instructions = createInstructions(
  readFileSync(new URL("../../resources/assistant/instructions.md", import.meta.url), "utf8"),
);

export interface WardAssistant {
  readonly assistant: Assistant;
  readonly door: MemoryDoor;
  readonly chats: MemoryChats;
  readonly events: TurnEvent[];
  /** Asks and waits for the turn's last event. */
  ask(chatId: string, text: string, patientId?: string): Promise<TurnEvent[]>;
  /** The turn's events when it is over. */
  over(from?: number): Promise<TurnEvent[]>;
}

/** The whole assistant over the fictitious ward: real MCP, real loop, a door and chats in memory. */
export function createWardAssistant(
  options: { role?: Role; model?: Model; limits?: Partial<TurnLimits>; halves?: HalfAnswers } = {},
): WardAssistant {
  const role = options.role ?? "Nurse";
  const door = createMemoryDoor(role);
  const chats = createMemoryChats();
  const events: TurnEvent[] = [];
  const heard = new Set<() => void>();
  const model = options.model ?? createOfflineModel({ now: () => wardNow, pace: async () => undefined });
  const assistant = createAssistant({
    chats,
    model,
    tools: () =>
      connectMcpTools({
        door,
        accessToken: () => "token",
        role: () => role,
        audience: model.audience,
        via: "assistant",
      }),
    role: () => role,
    instructions,
    now: () => wardNow,
    monotonic: () => performance.now(),
    newId: randomUUID,
    announce: (event) => {
      events.push(event);
      for (const listener of heard) listener();
    },
    ...(options.limits && { limits: options.limits }),
    ...(options.halves && { halves: options.halves }),
  });
  const over = (from = 0) =>
    new Promise<TurnEvent[]>((resolve) => {
      const look = () => {
        const last = events.at(-1);
        if (events.length <= from || (last?.type !== "end" && last?.type !== "error")) return;
        heard.delete(look);
        resolve(events.slice(from));
      };
      heard.add(look);
      look();
    });
  return {
    assistant,
    door,
    chats,
    events,
    over,
    async ask(chatId, text, patientId) {
      const from = events.length;
      await assistant.ask({ chatId, text, patientId });
      return over(from);
    },
  };
}

export function textOf(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.type === "chunk" ? event.delta : "")).join("");
}
