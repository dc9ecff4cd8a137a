import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import type { SealingKey } from "../sealing/seal";
import { readIfThere, writeDurably } from "./durable-file";

/** The operating system's key store, where there is a real one. */
export interface KeyStore {
  seal(secret: string): Buffer;
  /** Throws when another account or machine sealed it, or the key is gone. */
  open(sealed: Buffer): string;
}

export interface WorkstationKey {
  /** This installation on this machine; offline access is bound to it. */
  readonly id: string;
  /** Encrypts what waits here to be sent. */
  readonly key: SealingKey;
  /** Whether the operating system's key store guards the key; else it lies in the app's own folder. */
  readonly guarded: boolean;
}

const fileSchema = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  keyId: z.string(),
  secret: z.union([z.strictObject({ sealed: z.base64() }), z.strictObject({ open: z.base64() })]),
});

/** Names of the key's file: another one where the one before does not open, so that none is ever overwritten. */
const fileName = (index: number) => (index === 1 ? "workstation-key.json" : `workstation-key-${index}.json`);

/**
 * Opens this workstation's own key, or makes it on the first start. Where the key store does not give the one that is there, a
 * new one is made beside it: what the other sealed waits until that opens again.
 */
export async function openWorkstationKey(folder: string, store: KeyStore | undefined): Promise<WorkstationKey> {
  for (let index = 1; ; index += 1) {
    const path = join(folder, fileName(index));
    const text = await readIfThere(path);
    if (text === undefined) {
      const made = { id: randomUUID(), keyId: randomUUID().slice(0, 8), key: randomBytes(32) };
      await keep(path, made, store);
      return { id: made.id, key: { id: made.keyId, key: made.key }, guarded: store !== undefined };
    }
    const opened = await openFile(path, text, store);
    if (opened) return opened;
  }
}

async function openFile(path: string, text: Buffer, store: KeyStore | undefined): Promise<WorkstationKey | undefined> {
  const parsed = fileSchema.safeParse(asJson(text));
  if (!parsed.success) return undefined;
  const { id, keyId, secret } = parsed.data;
  if ("open" in secret) {
    const key = Buffer.from(secret.open, "base64");
    // A key store that came later takes over what lay open.
    if (store) await keep(path, { id, keyId, key }, store);
    return { id, key: { id: keyId, key }, guarded: store !== undefined };
  }
  try {
    const encoded = store?.open(Buffer.from(secret.sealed, "base64"));
    const key = Buffer.from(encoded ?? "", "base64");
    return key.length === 32 ? { id, key: { id: keyId, key }, guarded: true } : undefined;
  } catch {
    return undefined;
  }
}

async function keep(
  path: string,
  made: { readonly id: string; readonly keyId: string; readonly key: Buffer },
  store: KeyStore | undefined,
): Promise<void> {
  const encoded = made.key.toString("base64");
  const secret = store ? { sealed: store.seal(encoded).toString("base64") } : { open: encoded };
  await writeDurably(path, `${JSON.stringify({ v: 1, id: made.id, keyId: made.keyId, secret })}\n`);
}

function asJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}
