import { expect, test } from "vitest";
import type { Model, ModelMessage } from "../../electron/llm/model";
import { createWardAssistant } from "../support/ward-assistant";

/** A model that answers one sentence and keeps what it was told. */
function modelThatListens(mode: "this-machine" | "outside", says: string) {
  const told: (readonly ModelMessage[])[] = [];
  const model: Model = {
    view: { name: "listener", mode },
    audience: mode === "outside" ? "remote-model" : "local-model",
    resultCharacters: 24_000,
    async *stream({ messages }) {
      told.push([...messages]);
      yield { type: "text", delta: says };
    },
  };
  return { model, told };
}

test("an answer that a model on this machine gave is not passed on to one elsewhere", async () => {
  const near = modelThatListens("this-machine", "Her phone is 01632 960999.");
  const far = modelThatListens("outside", "Noted.");
  let current = near.model;
  // The app chooses its model once a run; a chat outlives the run.
  const either: Model = {
    get view() {
      return current.view;
    },
    get audience() {
      return current.audience;
    },
    resultCharacters: 24_000,
    stream: (request, signal) => current.stream(request, signal),
  };
  const ward = createWardAssistant({ role: "Doctor", model: either });
  const chat = await ward.assistant.create();
  await ward.ask(chat.id, "What is the phone number of FCE57?");
  current = far.model;
  await ward.ask(chat.id, "And her allergies?");
  expect(JSON.stringify(far.told)).not.toContain("01632");
  expect(JSON.stringify(far.told)).toContain("What is the phone number of FCE57?");
  expect(far.told[0]?.at(-1)).toMatchObject({ author: "person", text: "And her allergies?" });
  await ward.ask(chat.id, "Thank you");
  expect(JSON.stringify(far.told.at(-1))).toContain("Noted.");
});

test("a call of a model elsewhere is in the audit before anything leaves, and nothing leaves where that fails", async () => {
  const { model, told } = modelThatListens("outside", "Noted.");
  const ward = createWardAssistant({ model });
  const chat = await ward.assistant.create();
  await ward.ask(chat.id, "Who is on my ward?");
  expect(ward.chats.modelCalls).toMatchObject([{ outcome: "sent" }, { outcome: "answered" }]);

  ward.chats.recordModelCall = () => Promise.reject(new Error("the database is away"));
  const events = await ward.ask(chat.id, "And now?");
  expect(events.at(-1)).toMatchObject({ type: "error" });
  expect(told).toHaveLength(1);
});

test("the offline assistant's calls have one entry each", async () => {
  const ward = createWardAssistant();
  const chat = await ward.assistant.create();
  await ward.ask(chat.id, "Any allergies for FCE57?");
  expect(ward.chats.modelCalls).toMatchObject([{ outcome: "answered" }]);
});
