import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { BlobContent, BlobHead } from "../../../electron/offline/offline-blob";
import { newSealingKey } from "../../../electron/sealing/seal";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-offline-"));
  folders.push(folder);
  return folder;
}

export function newContent(change: Partial<BlobContent> = {}): BlobContent {
  return {
    person: { staffId: "STF010", name: "Nora Keller", username: "demo_nurse", role: "Nurse", department: "Medicine" },
    sessionId: randomUUID(),
    startedAt: "2026-04-05T07:00:00.000Z",
    expiresAt: "2026-04-05T19:00:00.000Z",
    dataKey: newSealingKey(),
    draftsKey: newSealingKey(),
    outboxKey: {
      id: randomUUID(),
      key: randomBytes(32),
      workstation: "ward-5a-1",
      issuedAt: "2026-04-05T07:00:00.000Z",
      notAfter: "2026-04-05T19:00:00.000Z",
    },
    usage: { grant: randomUUID(), key: randomBytes(32) },
    ...change,
  };
}

/** Cheap on purpose: what is tested is what happens with the key, not how long a guess takes. */
export const cheap = { memoryKib: 64, iterations: 1, parallelism: 1 } as const;

export function newHead(notAfter: number, workstation: string, salt: Buffer = randomBytes(16)): BlobHead {
  return {
    v: 1,
    staffId: "STF010",
    workstation,
    notAfter,
    policy: 1,
    hashing: { salt: salt.toString("base64"), ...cheap },
  };
}
