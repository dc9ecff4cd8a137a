import { expect, test } from "vitest";
import type { HalfAnswers } from "../../electron/assistant/half-answer";
import type { Model } from "../../electron/llm/model";
import { type ChatMessage } from "../../shared/assistant/turn";
import { Refusal } from "../../shared/failure";
import { createWardAssistant, textOf } from "../support/ward-assistant";

/** What the vault promises: the newest of each chat, refused while locked. */
function keptHalves(): HalfAnswers & { readonly kept: Map<string, ChatMessage>; locked: boolean } {
  const kept = new Map<string, ChatMessage>();
  const halves = {
    kept,
    locked: false,
    keep(chatId: string, half: ChatMessage) {
      if (halves.locked) throw new Refusal("LOCKED");
      kept.set(chatId, half);
    },
    of: async (chatId: string) => kept.get(chatId),
    settle(chatId: string) {
      if (halves.locked) throw new Refusal("LOCKED");
      kept.delete(chatId);
    },
  };
  return halves;
}

/** Says its words one by one and then waits until it is hung up on, or goes on when it is told to. */
function modelThatStops(words: readonly string[]) {
  let goOn: () => void = () => undefined;
  const model: Model = {
    view: { name: "slow", mode: "this-machine" },
    audience: "local-model",
    resultCharacters: 24_000,
    async *stream(_request, signal) {
      for (const delta of words) yield { type: "text", delta };
      await new Promise<void>((resolve, reject) => {
        goOn = resolve;
        signal.addEventListener("abort", () => reject(new Refusal("STOPPED")));
      });
      yield { type: "text", delta: "the end" };
    },
  };
  return { model, goOn: () => goOn() };
}
const words = ["Leah ", "is ", "better \u{1F6CF}\uFE0F, ", "says \u05E9\u05DC\u05D5\u05DD "];

async function untilSaid(ward: ReturnType<typeof createWardAssistant>): Promise<void> {
  while (textOf(ward.events) !== words.join("")) await new Promise((resolve) => setTimeout(resolve, 2));
}

test("a lock in the middle, when nothing can be saved any more, loses no word that was shown", async () => {
  const halves = keptHalves();
  const ward = createWardAssistant({ model: modelThatStops(words).model, halves });
  const chat = await ward.assistant.create();
  await ward.assistant.ask({ chatId: chat.id, text: "How is Leah?" });
  await untilSaid(ward);
  ward.chats.locked = true;
  halves.locked = true;
  await ward.assistant.stopAll();
  expect(ward.chats.appended.filter(({ author }) => author === "assistant")).toEqual([]);

  ward.chats.locked = false;
  halves.locked = false;
  const { messages, answering } = await ward.assistant.open(chat.id);
  expect(answering).toBe(false);
  expect(messages.map(({ author, text, incomplete }) => ({ author, text, incomplete }))).toEqual([
    { author: "person", text: "How is Leah?", incomplete: false },
    { author: "assistant", text: words.join(""), incomplete: true },
  ]);
  // From here on it is in the chat, and kept nowhere else.
  expect(halves.kept.size).toBe(0);
  expect((await ward.chats.open(chat.id)).messages.at(-1)?.text).toBe(words.join(""));
});

test("an answer that ends is kept nowhere but in its chat, and an older half never replaces it", async () => {
  const halves = keptHalves();
  const { model, goOn } = modelThatStops(words);
  const ward = createWardAssistant({ model, halves });
  const chat = await ward.assistant.create();
  await ward.assistant.ask({ chatId: chat.id, text: "How is Leah?" });
  await untilSaid(ward);
  const half = halves.kept.get(chat.id);
  expect(half).toMatchObject({ text: words.join(""), incomplete: true });
  // A page that comes in the middle sees as much as there is.
  expect((await ward.assistant.open(chat.id)).messages.at(-1)?.text).toBe(words.join(""));
  goOn();
  await ward.over();
  expect(halves.kept.size).toBe(0);
  if (half) halves.kept.set(chat.id, half);
  expect((await ward.assistant.open(chat.id)).messages.at(-1)).toMatchObject({
    text: `${words.join("")}the end`,
    incomplete: false,
  });
  expect(halves.kept.size).toBe(0);
});

test("a vault that refuses takes nothing from the answer", async () => {
  const halves = keptHalves();
  halves.locked = true;
  halves.of = () => Promise.reject(new Error("damaged"));
  const ward = createWardAssistant({ halves });
  const chat = await ward.assistant.create();
  const events = await ward.ask(chat.id, "Any allergies for FCE57?");
  expect(events.at(-1)).toMatchObject({ type: "end", incomplete: false });
  expect((await ward.assistant.open(chat.id)).messages).toHaveLength(2);
});
