import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createEventChannel } from "../../../electron/ipc/event-channel";
import type { TurnEvent } from "../../../shared/assistant/turn";

const chatId = "3b241101-e2bb-4255-8caf-4136c566a962";
const other = "3b241101-e2bb-4255-8caf-4136c566a963";
let sent: { channel: string; name: string; payload: TurnEvent }[];
let page = true;
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  page = true;
});
afterEach(() => {
  vi.useRealTimers();
});

const channelTo = () =>
  createEventChannel(() =>
    page
      ? { send: (channel, name, payload) => sent.push({ channel, name, payload: payload as TurnEvent }) }
      : undefined,
  );
const chunk = (delta: string, sequence: number, chat = chatId): TurnEvent => ({
  type: "chunk",
  chatId: chat,
  sequence,
  delta,
});
const title = (sequence: number): TurnEvent => ({ type: "session_update", chatId, sequence, title: "Vitals: FCE57" });
const told = () =>
  sent.map(({ payload }) => [payload.type, payload.sequence, payload.type === "chunk" ? payload.delta : ""]);

test("chunks of one frame travel together, and each frame's chunk by itself", () => {
  const channel = channelTo();
  channel.turn(chunk("Leah ", 0));
  channel.turn(chunk("is ", 1));
  channel.turn(chunk("well", 2));
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(16);
  channel.turn(chunk(" today", 3));
  vi.advanceTimersByTime(16);
  expect(told()).toEqual([
    ["chunk", 0, "Leah is well"],
    ["chunk", 1, " today"],
  ]);
  expect(sent.every(({ channel: name, name: event }) => name === "ward.event" && event === "assistant.event")).toBe(
    true,
  );
});

test("whatever else happens first sends the text before it, so that the order holds and no number is left out", () => {
  const channel = channelTo();
  channel.turn(chunk("a", 0));
  channel.turn(title(1));
  channel.turn(chunk("b", 2));
  channel.turn(chunk("c", 3));
  channel.turn({
    type: "error",
    chatId,
    sequence: 4,
    code: "MODEL_STALLED",
    message: "stalled",
    retryAfterSeconds: null,
  });
  vi.runAllTimers();
  expect(told()).toEqual([
    ["chunk", 0, "a"],
    ["session_update", 1, ""],
    ["chunk", 2, "bc"],
    ["error", 3, ""],
  ]);
});

test("two chats are joined and numbered each by itself", () => {
  const channel = channelTo();
  channel.turn(chunk("a", 0));
  channel.turn(chunk("x", 0, other));
  channel.turn(chunk("b", 1));
  channel.turn(chunk("y", 1, other));
  vi.runAllTimers();
  expect(
    sent.map(({ payload }) => [payload.chatId, payload.sequence, payload.type === "chunk" && payload.delta]),
  ).toEqual([
    [chatId, 0, "ab"],
    [other, 0, "xy"],
  ]);
});

test("a new turn is numbered from nought, after what the last one still had to say", () => {
  const channel = channelTo();
  channel.turn(chunk("old", 0));
  vi.runAllTimers();
  channel.turn(chunk(" end", 1));
  channel.turn(chunk("new", 0));
  vi.runAllTimers();
  expect(told()).toEqual([
    ["chunk", 0, "old"],
    ["chunk", 1, " end"],
    ["chunk", 0, "new"],
  ]);
});

test("after a lock nothing is pushed, not even what waited", () => {
  const channel = channelTo();
  channel.turn(chunk("secret", 0));
  channel.silence();
  vi.runAllTimers();
  expect(sent).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("without a page events are dropped, and one that breaks its schema never leaves", () => {
  const channel = channelTo();
  page = false;
  channel.announce("database.connection", { connected: true });
  page = true;
  expect(() => channel.announce("session.warning", { secondsLeft: 1, patient: "FCE57" } as never)).toThrow();
  expect(() => channel.turn({ ...title(0), chatId: "no id" })).toThrow();
  expect(sent).toEqual([]);
});
