import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../shared/failure";
import { type AuthenticatedEntry, type OutboxEntry, outboxEntrySchema } from "../../shared/offline/outbox-entry";
import { open, type SealingKey, seal, sealedKeyId } from "../sealing/seal";
import {
  listFiles,
  moveDurably,
  privateFolder,
  readIfThere,
  removeDurably,
  sweepUnfinished,
  writeDurably,
} from "./durable-file";

const ending = ".entry";
const association = (id: string) => `outbox|${id}`;

const contentSchema = z.strictObject({ keyId: z.string(), payload: z.string(), mac: z.base64() });

/** One file of the outbox as it lies there. */
export type FoundEntry =
  | { readonly id: string; readonly state: "readable"; readonly entry: OutboxEntry; readonly proof: AuthenticatedEntry }
  /** Damaged: it is set aside and shown. */
  | { readonly id: string; readonly state: "unreadable" }
  /** Sealed with a key that this workstation does not hold now: it stays where it is and is shown. */
  | { readonly id: string; readonly state: "other-key" };

/** Why the database did not take an entry; kept beside it. */
const refusalSchema = z.strictObject({ reason: z.string().max(200), at: z.string() });
export type EntryRefusal = z.output<typeof refusalSchema>;

/**
 * What was typed while the database was away: one file an entry, encrypted for this workstation, authenticated for the
 * database. A file leaves `waiting` only when the database has it, or for `attention`, where it stays until a person has
 * dealt with it.
 */
export class Outbox {
  readonly #waiting: string;
  readonly #attention: string;
  readonly #settled: string;

  constructor(
    folder: string,
    private readonly key: SealingKey,
  ) {
    this.#waiting = join(folder, "waiting");
    this.#attention = join(folder, "attention");
    this.#settled = join(folder, "settled");
  }

  /** Makes the folders, and sweeps what an interrupted write left: nobody was told that it was saved. */
  async prepare(): Promise<void> {
    for (const folder of [this.#waiting, this.#attention]) {
      await privateFolder(folder);
      await sweepUnfinished(folder);
    }
  }

  /**
   * Resolves when the entry outlasts the end of the app and of the power; rejects with the system's error and keeps nothing. The
   * same person's own entry of this id is replaced by its retry; any other file of this name stays, and the retry is refused.
   */
  async add(id: string, staff: string, proof: AuthenticatedEntry): Promise<void> {
    if (await this.#isTaken(id, staff))
      throw new Refusal(
        "STORED_DIFFERENTLY",
        "Another set of this name lies on this workstation already. Nothing was stored; save once more.",
      );
    const content = { keyId: proof.keyId, payload: proof.payload, mac: Buffer.from(proof.mac).toString("base64") };
    await writeDurably(join(this.#waiting, `${id}${ending}`), seal(this.key, JSON.stringify(content), association(id)));
  }

  async #isTaken(id: string, staff: string): Promise<boolean> {
    for (const folder of [this.#attention, this.#settled]) if (await this.#read(folder, id)) return true;
    const found = await this.#read(this.#waiting, id);
    return found !== undefined && !(found.state === "readable" && found.entry.staff === staff);
  }

  /** The sets of one person for one patient that wait here, in the order in which they were typed. */
  async waitingOf(staff: string, patient: string): Promise<OutboxEntry[]> {
    const own: OutboxEntry[] = [];
    for (const id of await this.waiting()) {
      const found = await this.readWaiting(id);
      if (found?.state === "readable" && found.entry.staff === staff && found.entry.patient === patient)
        own.push(found.entry);
    }
    return own;
  }

  async waiting(): Promise<string[]> {
    return this.#ids(this.#waiting);
  }

  async attention(): Promise<string[]> {
    return this.#ids(this.#attention);
  }

  readWaiting(id: string): Promise<FoundEntry | undefined> {
    return this.#read(this.#waiting, id);
  }

  async readAttention(id: string): Promise<{ found: FoundEntry; refusal: EntryRefusal | undefined } | undefined> {
    const found = await this.#read(this.#attention, id);
    if (!found) return undefined;
    const text = await readIfThere(join(this.#attention, `${id}.reason`));
    try {
      return { found, refusal: refusalSchema.parse(JSON.parse(text?.toString("utf8") ?? "")) };
    } catch {
      return { found, refusal: undefined };
    }
  }

  /** Those that wait under a key which is not held now, or whose very beginning is damaged. */
  async underOtherKeys(): Promise<string[]> {
    const others: string[] = [];
    for (const id of await this.waiting()) if ((await this.readWaiting(id))?.state === "other-key") others.push(id);
    return others;
  }

  /** The database has committed it. */
  async sent(id: string): Promise<void> {
    await removeDurably(join(this.#waiting, `${id}${ending}`));
  }

  /** Takes an entry out of the way of the others and keeps it for a person to look at. */
  async setAside(id: string, refusal: EntryRefusal): Promise<void> {
    await writeDurably(join(this.#attention, `${id}.reason`), JSON.stringify(refusal));
    await moveDurably(join(this.#waiting, `${id}${ending}`), join(this.#attention, `${id}${ending}`));
  }

  /** A person has dealt with it. The file is kept, out of the list. */
  async settle(id: string): Promise<void> {
    await mkdir(this.#settled, { recursive: true, mode: 0o700 });
    await moveDurably(join(this.#attention, `${id}${ending}`), join(this.#settled, `${id}${ending}`));
    await rm(join(this.#attention, `${id}.reason`), { force: true });
  }

  async #ids(folder: string): Promise<string[]> {
    return (await listFiles(folder, ending)).map((name) => name.slice(0, -ending.length));
  }

  async #read(folder: string, id: string): Promise<FoundEntry | undefined> {
    const sealed = await readIfThere(join(folder, `${id}${ending}`));
    if (sealed === undefined) return undefined;
    if (sealedKeyId(sealed) !== this.key.id) return { id, state: "other-key" };
    try {
      const content = contentSchema.parse(JSON.parse(open(this.key, sealed, association(id))));
      const entry = outboxEntrySchema.parse(JSON.parse(content.payload));
      if (entry.id !== id) return { id, state: "unreadable" };
      const proof = { keyId: content.keyId, payload: content.payload, mac: Buffer.from(content.mac, "base64") };
      return { id, state: "readable", entry, proof };
    } catch {
      return { id, state: "unreadable" };
    }
  }
}
