import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOpenAiModel } from "../../electron/llm/openai-model";
import { callsTools, type ModelServer, says, startModelServer } from "../support/model-server";
import { createWardAssistant, textOf } from "../support/ward-assistant";

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

const modelOf = () =>
  createOpenAiModel({
    baseUrl: server.url,
    model: "test-model",
    fetch: globalThis.fetch,
    now: () => new Date(),
    monotonic: () => performance.now(),
    limits: { backoffMilliseconds: 10, breakerThreshold: 99 },
  });
const ofModel = (options: Parameters<typeof createWardAssistant>[0] = {}) =>
  createWardAssistant({ model: modelOf(), ...options });
test("Stop keeps the half answer, marked incomplete, and ends with `end`; retry replaces it", async () => {
  const ward = ofModel();
  const chat = await ward.assistant.create();
  server.play((reply) => reply.text("Half an "));
  await ward.assistant.ask({ chatId: chat.id, text: "Say something." });
  while (ward.events.length === 0) await pause(5);
  expect((await ward.assistant.open(chat.id)).answering).toBe(true);
  // The model says nothing more: without Stop this would last until the limit of silence, and end as an error.
  await ward.assistant.stop(chat.id);
  expect(ward.events.at(-1)).toMatchObject({ type: "end", incomplete: true });
  const half = (await ward.assistant.open(chat.id)).messages;
  expect(half.at(-1)).toMatchObject({ text: "Half an ", incomplete: true });
  server.play(says("All of it."));
  const from = ward.events.length;
  await ward.assistant.retry(chat.id);
  const events = await ward.over(from);
  expect(events[0]?.sequence).toBe(0);
  const whole = (await ward.assistant.open(chat.id)).messages;
  expect(whole).toHaveLength(2);
  expect(whole[1]).toMatchObject({ id: half[1]?.id, text: "All of it.", incomplete: false });
});

test("an error is told with code and wait, and what came before it is kept as incomplete", async () => {
  const ward = ofModel();
  const chat = await ward.assistant.create();
  server.play(async (reply) => {
    reply.text("Half");
    while (textOf(ward.events) !== "Half") await pause(5);
    reply.cut();
  });
  const events = await ward.ask(chat.id, "Say something.");
  expect(textOf(events)).toBe("Half");
  expect(events.at(-1)).toMatchObject({ type: "error", code: "MODEL_STALLED" });
  expect((await ward.assistant.open(chat.id)).messages.at(-1)).toMatchObject({ text: "Half", incomplete: true });
  server.play((reply) => reply.status(429, {}, { "retry-after": "90" }));
  expect((await ward.ask(chat.id, "Again.")).at(-1)).toMatchObject({
    type: "error",
    code: "MODEL_RATE_LIMITED",
    retryAfterSeconds: 90,
  });
  expect(ward.chats.modelCalls.map((call) => call.outcome)).toEqual(["MODEL_STALLED", "MODEL_RATE_LIMITED"]);
});

test("the lock aborts at once, announces nothing more and saves the half while it can", async () => {
  const ward = ofModel();
  const chat = await ward.assistant.create();
  server.play((reply) => reply.text("Half an "));
  await ward.assistant.ask({ chatId: chat.id, text: "Say something." });
  while (ward.events.length === 0) await pause(5);
  const heard = ward.events.length;
  await ward.assistant.stopAll();
  expect(ward.events).toHaveLength(heard);
  expect((await ward.assistant.open(chat.id)).messages.at(-1)).toMatchObject({ text: "Half an ", incomplete: true });
});

test("a store that is locked already loses no more than the time since the last checkpoint, and nothing throws", async () => {
  const ward = ofModel({ limits: { checkpointMilliseconds: 0 } });
  const chat = await ward.assistant.create();
  server.play(async (reply) => {
    reply.text("Half ");
    while (textOf(ward.events) !== "Half ") await pause(5);
    reply.text("an ");
  });
  await ward.assistant.ask({ chatId: chat.id, text: "Say something." });
  while (ward.chats.appended.length < 3) await pause(5);
  ward.chats.locked = true;
  await ward.assistant.stopAll();
  ward.chats.locked = false;
  expect((await ward.assistant.open(chat.id)).messages.at(-1)).toMatchObject({ text: "Half an ", incomplete: true });
});

test("one turn at a time in a chat, several chats at once, and a deleted chat takes its answer with it", async () => {
  const ward = ofModel();
  const [one, other] = [await ward.assistant.create(), await ward.assistant.create()];
  server.play((reply) => reply.text("Half"));
  const both = [ward.assistant.ask({ chatId: one.id, text: "A?" }), ward.assistant.ask({ chatId: one.id, text: "B?" })];
  expect((await Promise.allSettled(both)).map((result) => result.status)).toEqual(["fulfilled", "rejected"]);
  await expect(ward.assistant.retry(one.id)).rejects.toMatchObject({ failure: { code: "CHAT_BUSY" } });
  await ward.assistant.ask({ chatId: other.id, text: "C?" });
  // A request on its way would otherwise reach the server in the next test.
  while (server.requests.length < 2) await pause(5);
  await ward.assistant.remove(one.id);
  await expect(ward.assistant.open(one.id)).rejects.toMatchObject({ failure: { code: "CHAT_NOT_FOUND" } });
  await ward.assistant.stop(other.id);
  expect((await ward.assistant.open(other.id)).answering).toBe(false);
  expect((await ward.assistant.list()).map((chat) => chat.id)).toEqual([other.id]);
});

test("a chat is titled once, from its first patient or first words, and never over a person's own title", async () => {
  const ward = createWardAssistant();
  const [one, two, three] = [
    await ward.assistant.create(),
    await ward.assistant.create(),
    await ward.assistant.create(),
  ];
  const first = await ward.ask(one.id, "Get medical records for FCE57");
  expect(first.filter((event) => event.type === "session_update")).toMatchObject([{ title: "Medical Records: FCE57" }]);
  expect((await ward.ask(one.id, "and her allergies?")).some((event) => event.type === "session_update")).toBe(false);
  await ward.ask(two.id, "Who is on my ward?");
  expect((await ward.assistant.open(two.id)).chat.title).toBe("Who is on my ward?");
  await ward.assistant.rename(three.id, "Handover");
  await ward.ask(three.id, "allergies of FCE57");
  expect((await ward.assistant.open(three.id)).chat.title).toBe("Handover");
});

test("context is kept over the messages for a language model too, without stale results", async () => {
  const ward = ofModel();
  const chat = await ward.assistant.create();
  server.play(
    callsTools({ id: "a", name: "get_allergies", args: '{"patient_id":"FCE57"}' }),
    says("Amoxicillin."),
    says("Bed 1."),
  );
  await ward.ask(chat.id, "Allergies of FCE57?");
  await ward.ask(chat.id, "And her bed?", "FCE57");
  const sent = server.requests[2]?.body.messages ?? [];
  expect(sent.map((message) => message.role)).toEqual(["system", "user", "assistant", "tool", "assistant", "user"]);
  expect(sent[3]?.content).toBe(JSON.stringify({ summary: "2 allergies" }));
  expect(sent[0]?.content).toContain("FCE57 is open beside this chat");
});
