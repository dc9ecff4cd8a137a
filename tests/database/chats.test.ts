import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChatRecords } from "../../electron/records/chats";
import type { ChatMessage } from "../../shared/assistant/turn";
import { announceAndRead, connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";

let hospital: TestHospital;
let direct: Direct;
let nurse: SignedIn;
let doctor: SignedIn;
const words = "Is Leah Arnold still short of breath?";
const title = "Breathing: FCE57";

beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  nurse = await signedIn(hospital, accountOf("Nurse"));
  doctor = await signedIn(hospital, accountOf("Doctor"));
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const chatsOf = (person: SignedIn) => createChatRecords(hospital.database, person.session);
const message = (text: string, id = randomUUID()): ChatMessage => ({
  id,
  author: "person",
  text,
  at: "2026-04-05T09:05:00.000Z",
  toolCalls: [],
  incomplete: false,
  model: null,
});

async function chatWithWords() {
  const chats = chatsOf(nurse);
  const chat = await chats.create(title);
  const said = message(words);
  await chats.append(chat.id, said);
  return { chats, chat, said };
}

test("a chat comes back in order with its title, and a retried answer replaces the one before", async () => {
  const { chats, chat, said } = await chatWithWords();
  const answer = message("half an ans");
  await chats.append(chat.id, answer);
  await chats.append(chat.id, message("a later question"));
  await chats.append(chat.id, { ...answer, text: "the whole answer" });
  const opened = await chats.open(chat.id);
  expect(opened.chat.title).toBe(title);
  expect(opened.messages.map((one) => one.text)).toEqual([words, "the whole answer", "a later question"]);
  expect(opened.messages[0]).toEqual(said);
  expect((await chats.rename(chat.id, "Another title")).title).toBe("Another title");
  expect((await chats.list()).find((one) => one.id === chat.id)?.title).toBe("Another title");
});

test("nothing of it is legible in the database, in any table", async () => {
  await chatWithWords();
  for (const needle of ["short of breath", "Breathing: FCE57"]) {
    const bytes = Buffer.from(needle, "utf8");
    const { rows } = await hospital.owner(
      "SELECT count(*)::int AS n FROM (SELECT title AS b FROM hospital.chat UNION ALL SELECT content FROM hospital.chat_message) s WHERE position($1::bytea IN b) > 0",
      [bytes],
    );
    expect(rows[0]?.["n"]).toBe(0);
  }
  const dump = await hospital.owner(
    "SELECT string_agg(c::text, '') || (SELECT string_agg(m::text, '') FROM hospital.chat_message m) || (SELECT string_agg(a::text, '') FROM private.audit_entry a) AS dump FROM hospital.chat c",
  );
  expect(String(dump.rows[0]?.["dump"])).not.toMatch(/short of breath|Breathing/);
});

test("another person neither lists, opens, renames, extends nor deletes it: for them there is no such chat", async () => {
  const { chats, chat } = await chatWithWords();
  const others = chatsOf(doctor);
  expect((await others.list()).map((one) => one.id)).not.toContain(chat.id);
  const attempts = [
    () => others.open(chat.id),
    () => others.rename(chat.id, "mine"),
    () => others.append(chat.id, message("x")),
    () => others.remove(chat.id),
  ];
  for (const attempt of attempts)
    await expect(attempt()).rejects.toMatchObject({ failure: { code: "CHAT_NOT_FOUND" } });
  await expect(others.open(randomUUID())).rejects.toMatchObject({ failure: { code: "CHAT_NOT_FOUND" } });
  const auditor = await signInDirectly(direct, "demo_auditor");
  expect(await announceAndRead(direct, auditor.token, "read_chats", {}, "SELECT * FROM api.chat_messages")).toEqual([]);
  expect((await chats.open(chat.id)).messages).toHaveLength(1);
});

test("a message moved to another chat, or a title to another row, does not open", async () => {
  const first = await chatWithWords();
  const second = await first.chats.create("Second");
  await hospital.owner("UPDATE hospital.chat_message SET chat_id = $1 WHERE chat_id = $2", [second.id, first.chat.id]);
  await expect(first.chats.open(second.id)).rejects.toThrow();
  await hospital.owner("DELETE FROM hospital.chat_message WHERE chat_id = $1", [second.id]);
  await hospital.owner(
    "UPDATE hospital.chat SET title = (SELECT title FROM hospital.chat WHERE id = $1) WHERE id = $2",
    [first.chat.id, second.id],
  );
  await expect(first.chats.open(second.id)).rejects.toThrow();
  await hospital.owner("DELETE FROM hospital.chat WHERE id = $1", [second.id]);
});

test("a deleted chat takes its messages with it, and nothing that comes late brings it back", async () => {
  const { chats, chat } = await chatWithWords();
  await chats.remove(chat.id);
  await expect(chats.append(chat.id, message("late"))).rejects.toMatchObject({ failure: { code: "CHAT_NOT_FOUND" } });
  await expect(chats.rename(chat.id, "late title")).rejects.toMatchObject({ failure: { code: "CHAT_NOT_FOUND" } });
  const { rows } = await hospital.owner(
    "SELECT (SELECT count(*) FROM hospital.chat WHERE id = $1)::int AS chats, (SELECT count(*) FROM hospital.chat_message WHERE chat_id = $1)::int AS messages",
    [chat.id],
  );
  expect(rows).toEqual([{ chats: 0, messages: 0 }]);
});

test("the use of a model is recorded with the person, and is nobody's to read", async () => {
  await chatsOf(nurse).recordUsage({
    model: { name: "a model", mode: "outside" },
    promptTokens: 12,
    completionTokens: 3,
  });
  const { rows } = await hospital.owner(
    "SELECT staff_id, model, mode, prompt_tokens, completion_tokens FROM hospital.token_usage",
  );
  expect(rows).toEqual([
    { staff_id: "STF002", model: "a model", mode: "outside", prompt_tokens: 12, completion_tokens: 3 },
  ]);
  await expect(
    chatsOf(nurse).recordUsage({ model: { name: "m", mode: "outside" }, promptTokens: -1, completionTokens: 0 }),
  ).rejects.toThrow();
});
