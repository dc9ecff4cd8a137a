import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ownerConnection, startEmbeddedServer } from "../../electron/database/embedded-server";
import { connectOwner, openDatabase } from "../../electron/database/pool";
import { createChatRecords } from "../../electron/records/chats";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { postmasterOf } from "../support/machine";

const ROUNDS = 15;
let hospital: TestHospital;
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(() => hospital.close().catch(() => undefined));

test("a database killed at random moments loses nothing that was acknowledged, and its audit still verifies", async () => {
  const { home } = hospital.cluster;
  const acknowledged = new Map<string, string[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startEmbeddedServer({ home });
    const database = openDatabase({ ...hospital.workstation, host: server.socketFolder, port: server.port });
    const person = await signedIn({ ...hospital, database }, "demo_nurse");
    const chats = createChatRecords(database, person.session);
    for (const [chatId, texts] of acknowledged) {
      const { messages } = await chats.open(chatId);
      for (const text of texts) expect(messages.map((message) => message.text)).toContain(text);
    }
    const chat = await chats.create(`round ${round}`);
    const kept: string[] = [];
    acknowledged.set(chat.id, kept);
    const pid = postmasterOf(home) as number;
    setTimeout(() => process.kill(pid, "SIGKILL"), 20 + Math.random() * 200);
    for (let message = 0; ; message += 1) {
      const text = `message ${message} of round ${round}`;
      try {
        await chats.append(chat.id, {
          id: randomUUID(),
          author: "person",
          text,
          at: new Date().toISOString(),
          toolCalls: [],
          incomplete: false,
          model: null,
        });
      } catch {
        break;
      }
      kept.push(text);
    }
    await database.close().catch(() => undefined);
    await server.exited;
  }
  const server = await startEmbeddedServer({ home });
  const owner = await connectOwner(ownerConnection(server));
  await owner.end();
  const database = openDatabase({ ...hospital.workstation, host: server.socketFolder, port: server.port });
  const auditor = await signedIn({ ...hospital, database }, "demo_auditor");
  expect(await auditor.call("verify_audit_chain", {}, { via: "person" })).toMatchObject({
    ok: true,
    value: { intact: true },
  });
  await database.close();
  await server.stop();
});
