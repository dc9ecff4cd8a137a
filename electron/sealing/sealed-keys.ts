import { open, type SealingKey, seal } from "./seal";

/** `fields` opens identity data of patients; `personal` one person's own chats; `drafts` what they typed and did not save. */
export type KeyPurpose = "fields" | "personal" | "drafts";

const WRAPPING_KEY_ID = "account";

function association(staffId: string, purpose: KeyPurpose, keyId: string): string {
  return `sealed-key|${staffId}|${purpose}|${keyId}`;
}

/** Seals a data key under one of the keys that only the person's password derives (32 bytes). */
export function sealKeyFor(accountKey: Buffer, staffId: string, purpose: KeyPurpose, key: SealingKey): Buffer {
  return seal(
    { id: WRAPPING_KEY_ID, key: accountKey },
    key.key.toString("base64"),
    association(staffId, purpose, key.id),
  );
}

export function openSealedKey(
  accountKey: Buffer,
  staffId: string,
  purpose: KeyPurpose,
  keyId: string,
  sealed: Buffer,
): SealingKey {
  const encoded = open({ id: WRAPPING_KEY_ID, key: accountKey }, sealed, association(staffId, purpose, keyId));
  return { id: keyId, key: Buffer.from(encoded, "base64") };
}
