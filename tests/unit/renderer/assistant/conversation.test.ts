import { describe, expect, test } from "vitest";
import {
  type Conversation,
  canRetry,
  conversationReducer,
  emptyConversation,
  hasGap,
  isAnswering,
} from "../../../../renderer/assistant/conversation";
import { spokenStatus } from "../../../../renderer/assistant/spoken-status";
import type { ChatMessage, TurnEvent, TurnStep } from "../../../../shared/assistant/turn";

const chatId = "00000000-0000-4000-8000-000000000001";
const messageId = "00000000-0000-4000-8000-000000000002";
const answerId = "00000000-0000-4000-8000-000000000003";
const at = "2026-04-05T03:10:00.000Z";
const model = { name: "offline", mode: "this-machine" } as const;
const chat = { id: chatId, title: "Medical Records: FCE57", createdAt: at, updatedAt: at };

const event = (sequence: number, step: TurnStep): TurnEvent => ({ ...step, chatId, sequence }) as TurnEvent;
const chunk = (sequence: number, delta: string) => event(sequence, { type: "chunk", delta });
const calling = (sequence: number) =>
  event(sequence, {
    type: "tool_call",
    call_id: "one",
    tool_name: "get_allergies",
    arguments: { patient_id: "FCE57" },
  });
const called = (sequence: number) =>
  event(sequence, {
    type: "tool_result",
    call_id: "one",
    tool_name: "get_allergies",
    ok: true,
    code: null,
    summary: "2 allergies",
    milliseconds: 8,
  });
const end = (sequence: number, incomplete = false) =>
  event(sequence, { type: "end", messageId: answerId, incomplete, model, usage: null });
const error = (sequence: number) =>
  event(sequence, {
    type: "error",
    code: "MODEL_STALLED",
    message: "The language model stopped.",
    retryAfterSeconds: null,
  });

const hear = (state: Conversation, ...events: readonly TurnEvent[]): Conversation =>
  events.reduce((known, each) => conversationReducer(known, { type: "event", event: each, at }), state);
const asked = (text = "Allergies of FCE57?"): Conversation =>
  conversationReducer({ ...emptyConversation(chatId), loaded: true }, { type: "asking", temporaryId: "new", text, at });
const question: ChatMessage = {
  id: messageId,
  author: "person",
  text: "Allergies?",
  at,
  toolCalls: [],
  incomplete: false,
  model: null,
};
const answer: ChatMessage = { ...question, id: answerId, author: "assistant", text: "Penicillin.", model };

describe("an answer", () => {
  test("is the sum of its chunks, with its tool calls, its model and its id", () => {
    const state = hear(asked(), calling(0), called(1), chunk(2, "Peni"), chunk(3, "cillin"), end(4));
    expect(state.turn).toBeNull();
    expect(state.messages.at(-1)).toMatchObject({
      id: answerId,
      author: "assistant",
      text: "Penicillin",
      incomplete: false,
      model,
    });
    expect(state.messages.at(-1)?.toolCalls).toEqual([
      {
        callId: "one",
        toolName: "get_allergies",
        arguments: { patient_id: "FCE57" },
        ok: true,
        code: null,
        summary: "2 allergies",
        milliseconds: 8,
      },
    ]);
    expect(state.ended).toBe("complete");
  });

  test("is put in order when events overtake each other", () => {
    const state = hear(asked(), chunk(1, "cil"), chunk(2, "lin"), chunk(0, "Peni"));
    expect(state.turn?.text).toBe("Penicillin");
    expect(hasGap(state)).toBe(false);
  });

  test("that came twice is shown once", () => {
    expect(hear(asked(), chunk(0, "a"), chunk(0, "a"), chunk(1, "b"), chunk(1, "b")).turn?.text).toBe("ab");
  });

  test("is never shown past a hole: what comes after it waits, the end too", () => {
    const state = hear(asked(), chunk(0, "No "), chunk(2, "allergies"), end(3));
    expect(state.turn?.text).toBe("No ");
    expect(hasGap(state)).toBe(true);
    expect(isAnswering(state)).toBe(true);
  });

  test("with a hole is replaced by what the database holds", () => {
    const holed = hear(asked(), chunk(0, "No "), end(2));
    const state = conversationReducer(holed, { type: "opened", chat, messages: [question, answer], answering: false });
    expect(state.turn).toBeNull();
    expect(state.messages).toEqual([question, answer]);
  });

  test("with a hole that is still being made is passed over until its end, then asked for whole", () => {
    const holed = hear(asked(), chunk(0, "No "), chunk(2, "x"));
    const waiting = conversationReducer(holed, { type: "opened", chat, messages: [question], answering: true });
    expect(waiting.turn?.phase).toBe("catching-up");
    const heard = hear(waiting, chunk(3, "y"));
    expect(heard.turn?.text).toBe("");
    expect(heard.stale).toBe(false);
    expect(hear(heard, end(4)).stale).toBe(true);
  });

  test("whose beginning this page missed is not shown as if it were whole", () => {
    expect(hear(emptyConversation(chatId), chunk(7, "penicillin.")).turn).toMatchObject({
      phase: "catching-up",
      text: "",
    });
  });

  test("of another chat is not mixed in", () => {
    const other = { ...chunk(0, "secret"), chatId: messageId };
    expect(hear(asked(), other)).toEqual(asked());
  });

  test("that was stopped is marked incomplete and can be tried again", () => {
    const state = hear(asked(), chunk(0, "Peni"), end(1, true));
    expect(state.messages.at(-1)).toMatchObject({ text: "Peni", incomplete: true });
    expect(canRetry(state)).toBe(true);
    expect(spokenStatus(state)).toBe("The answer is incomplete.");
  });

  test("gives the chat its title on the way", () => {
    expect(hear(asked(), event(0, { type: "session_update", title: "Allergies: FCE57" })).title).toBe(
      "Allergies: FCE57",
    );
  });

  test("of a second question begins at nought again", () => {
    const first = hear(asked(), chunk(0, "One"), end(1));
    const second = conversationReducer(first, { type: "asking", temporaryId: "next", text: "And now?", at });
    expect(hear(second, chunk(0, "Two")).turn?.text).toBe("Two");
  });
});

describe("an error", () => {
  test("stands beside the question, keeps the fragment and can be tried again", () => {
    const state = hear(asked(), chunk(0, "Peni"), error(1));
    expect(state.turn).toMatchObject({ phase: "failed", text: "Peni", failure: { code: "MODEL_STALLED" } });
    expect(canRetry(state)).toBe(true);
    expect(isAnswering(state)).toBe(false);
  });

  test("followed by an end stays in view, and the fragment is kept under its id", () => {
    const state = hear(asked(), chunk(0, "Peni"), error(1), end(2, true));
    expect(state.turn).toMatchObject({ phase: "failed", text: "" });
    expect(state.messages.at(-1)).toMatchObject({ id: answerId, text: "Peni", incomplete: true });
  });

  test("is gone when the question is tried again, and so is the fragment", () => {
    const failed = hear(asked(), chunk(0, "Peni"), error(1), end(2, true));
    const again = hear(conversationReducer(failed, { type: "retrying" }), chunk(0, "Penicillin"), end(1));
    expect(again.messages.map((message) => message.text)).toEqual(["Allergies of FCE57?", "Penicillin"]);
    expect(again.turn).toBeNull();
  });

  test("leaves its fragment readable when something else is asked", () => {
    const failed = hear(asked(), chunk(0, "Peni"), error(1));
    const next = conversationReducer(failed, { type: "asking", temporaryId: "next", text: "Vitals?", at });
    expect(next.messages.map((message) => [message.text, message.incomplete])).toEqual([
      ["Allergies of FCE57?", false],
      ["Peni", true],
      ["Vitals?", false],
    ]);
  });
});

describe("a question", () => {
  test("that was refused leaves the log and brings back what could be tried again", () => {
    const failed = hear(asked(), error(0));
    const asking = conversationReducer(failed, { type: "asking", temporaryId: "next", text: "Vitals?", at });
    const state = conversationReducer(asking, { type: "ask-refused", temporaryId: "next", turn: failed.turn });
    expect(state.messages.map((message) => message.text)).toEqual(["Allergies of FCE57?"]);
    expect(state.turn?.phase).toBe("failed");
  });

  test("on its way is not lost to an older answer of the database", () => {
    const state = conversationReducer(asked(), { type: "opened", chat, messages: [], answering: false });
    expect(state.messages).toHaveLength(1);
    expect(isAnswering(state)).toBe(true);
  });

  test("without an answer can be tried again after the chat was opened", () => {
    const state = conversationReducer(emptyConversation(chatId), {
      type: "opened",
      chat,
      messages: [question],
      answering: false,
    });
    expect(canRetry(state)).toBe(true);
  });
});

test("the spoken status tells tool calls and the end, never the chunks", () => {
  expect(spokenStatus(asked())).toBe("Question sent.");
  expect(spokenStatus(hear(asked(), calling(0)))).toBe("Looking up: get_allergies.");
  expect(spokenStatus(hear(asked(), calling(0), called(1)))).toBe("get_allergies: ok.");
  const one = spokenStatus(hear(asked(), calling(0), called(1), chunk(2, "a")));
  expect(spokenStatus(hear(asked(), calling(0), called(1), chunk(2, "a"), chunk(3, "b")))).toBe(one);
  expect(spokenStatus(hear(asked(), chunk(0, "a"), end(1)))).toBe("The answer is complete.");
});
