import { join } from "node:path";
import { z } from "zod";
import { wardSnapshotSchema } from "../../shared/offline/ward-snapshot";
import { sessionViewSchema } from "../../shared/session/session-state";
import { open, type SealingKey, seal } from "../sealing/seal";
import { readIfThere, removeDurably, writeDurably } from "./durable-file";

const keptSchema = z.strictObject({
  staffId: z.string(),
  snapshot: wardSnapshotSchema,
  /** The shift that was on when it was read. */
  shift: sessionViewSchema.shape.shift,
  /** Unix time in milliseconds after which it is deleted. */
  deleteAfter: z.int(),
});
export type KeptWard = z.output<typeof keptSchema>;

const association = (staffId: string, workstation: string) => `ward-copy|${staffId}|${workstation}`;
const fileOf = (folder: string) => join(folder, "ward");

/** Keeps the ward's copy of one person, sealed under their data key, in the place of the one before. */
export async function keepWard(folder: string, key: SealingKey, workstation: string, ward: KeptWard): Promise<void> {
  const text = JSON.stringify(keptSchema.parse(ward));
  await writeDurably(fileOf(folder), seal(key, text, association(ward.staffId, workstation)));
}

/** Undefined where there is none, where it is too old, or where it does not open: a copy that cannot be trusted is none. */
export async function readWard(
  folder: string,
  key: SealingKey,
  staffId: string,
  workstation: string,
  now: number,
): Promise<KeptWard | undefined> {
  // A copy: a lock while the file is read zeroes the key, and what does not open is deleted.
  const own = { id: key.id, key: Buffer.from(key.key) };
  try {
    const sealed = await readIfThere(fileOf(folder));
    if (sealed === undefined) return undefined;
    const kept = keptSchema.parse(JSON.parse(open(own, sealed, association(staffId, workstation))));
    if (now < kept.deleteAfter) return kept;
  } catch {
    // Sealed for somebody else or damaged.
  } finally {
    own.key.fill(0);
  }
  await deleteWard(folder);
  return undefined;
}

export async function deleteWard(folder: string): Promise<void> {
  await removeDurably(fileOf(folder));
}
