import { type KeyRing, linkKey } from "../sealing/key-ring";
import { newSealingKey } from "../sealing/seal";
import { alone, openRotation } from "./key-links";
import { type Actor, inOwnersTransaction, type Owner, recordAct } from "./owner";
import { AdministrationRefused } from "./refused";
import { countOthers, resealAll, verifySealed } from "./reseal";

/** Somebody who proved who they are and holds the hospital's field key. */
export interface KeyHolder extends Actor {
  readonly fieldKeys: KeyRing;
}

export interface FieldKeyRotation {
  readonly from: string;
  readonly to: string;
  /** Whether this continued a rotation that was begun before. */
  readonly resumed: boolean;
  /** Rows sealed anew by this run. */
  readonly rows: number;
  /** Rows that no key opened and that stay as they are. */
  readonly unreadable: number;
  /** All rows that were read again with the new key afterwards. */
  readonly verified: number;
}

/**
 * Replaces the hospital's field key. The new one is stored sealed under the old one, so everybody who holds the old one holds
 * both from the next moment on; then every row is sealed anew and read again. Interrupted anywhere, the next run goes on.
 */
export async function rotateFieldKey(
  owner: Owner,
  holder: KeyHolder,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<FieldKeyRotation> {
  return alone(owner, async () => {
    const { from, to, resumed } = await begin(owner, holder);
    const of = await inOwnersTransaction(owner, (query) => countOthers(query, to));
    const { rows, unreadable } = await resealAll(owner, holder.fieldKeys, (done) => onProgress(done, of));
    const { rows: verified, faults } = await verifySealed(owner, holder.fieldKeys);
    if (faults > unreadable) throw new Error("rows that were sealed anew do not open");
    await inOwnersTransaction(owner, (query) =>
      recordAct(query, "KEYS_ROTATED", { key: "fields", step: "sealed", from, to, rows, unreadable }, holder),
    );
    return { from, to, resumed, rows, unreadable, verified };
  });
}

async function begin(owner: Owner, holder: KeyHolder): Promise<{ from: string; to: string; resumed: boolean }> {
  const { fieldKeys } = holder;
  return inOwnersTransaction(owner, async (query) => {
    const begun = await openRotation(query);
    if (begun) {
      if (!fieldKeys.has(begun.to)) throw new AdministrationRefused("This person does not hold the field key.");
      if ((await countOthers(query, begun.to)) === 0)
        throw new AdministrationRefused(
          "Everything is sealed with the new key already. `lamplight-admin keys retire` ends this rotation; then another can begin.",
        );
      return { from: begun.from, to: begun.to, resumed: true };
    }
    const before = fieldKeys.current;
    const key = newSealingKey();
    const link = linkKey(key, before);
    await query("INSERT INTO private.key_link (key_id, sealed_under, sealed) VALUES ($1, $2, $3)", [
      link.keyId,
      link.sealedUnder,
      link.sealed,
    ]);
    await recordAct(query, "KEYS_ROTATED", { key: "fields", step: "begun", from: before.id, to: key.id }, holder);
    fieldKeys.follow([link]);
    key.key.fill(0);
    return { from: before.id, to: key.id, resumed: false };
  });
}
