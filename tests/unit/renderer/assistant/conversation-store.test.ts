import { expect, test } from "vitest";
import { createConversationStore } from "../../../../renderer/assistant/conversation-store";
import { BridgeFailure } from "../../../../renderer/bridge/bridge-failure";
import type { TurnEvent } from "../../../../shared/assistant/turn";

const chatId = "00000000-0000-4000-8000-000000000001";
const at = "2026-04-05T03:10:00.000Z";

function world(answers: Partial<Record<string, () => unknown>>) {
  const asked: string[] = [];
  const later: (() => void)[] = [];
  let hear: (event: TurnEvent) => void = () => {};
  const store = createConversationStore({
    call: async (name) => {
      asked.push(name);
      return answers[name]?.() as never;
    },
    onEvent: (listener) => {
      hear = listener;
      return () => {};
    },
    now: () => at,
    newId: () => "temporary",
    later: (work) => void later.push(work),
  });
  return { store, asked, later, hear: (event: TurnEvent) => hear(event) };
}

const opened = () => ({
  chat: { id: chatId, title: "Chat", createdAt: at, updatedAt: at },
  messages: [],
  answering: false,
});
const chunk = (sequence: number): TurnEvent => ({ type: "chunk", chatId, sequence, delta: String(sequence) });

test("a lost event makes the store ask for the whole chat, once patience is over", async () => {
  const { store, asked, later, hear } = world({ "chats.open": opened });
  hear(chunk(0));
  hear(chunk(2));
  expect(asked).toEqual([]);
  for (const work of later) work();
  await Promise.resolve();
  expect(asked).toEqual(["chats.open"]);
  await Promise.resolve();
  expect(store.get(chatId).turn).toBeNull();
});

test("an event that is merely late asks for nothing", () => {
  const { store, asked, later, hear } = world({ "chats.open": opened });
  hear(chunk(0));
  hear(chunk(2));
  hear(chunk(1));
  for (const work of later) work();
  expect(asked).toEqual([]);
  expect(store.get(chatId).turn?.text).toBe("012");
});

test("a question that is refused answers why and leaves no trace in the log", async () => {
  const { store } = world({
    "assistant.ask": () => {
      throw new BridgeFailure({ code: "CHAT_BUSY", message: "The assistant is still answering." });
    },
  });
  expect(await store.ask(chatId, "Vitals?", undefined)).toMatchObject({ code: "CHAT_BUSY" });
  expect(store.get(chatId).messages).toEqual([]);
});

test("what was typed is kept per chat while pages come and go", () => {
  const { store } = world({});
  store.setDraft("", "How is");
  store.setDraft(chatId, "And now");
  expect([store.draft(""), store.draft(chatId)]).toEqual(["How is", "And now"]);
});
