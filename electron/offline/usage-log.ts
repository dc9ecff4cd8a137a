import { createHmac } from "node:crypto";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database } from "../database/pool";
import { open, type SealingKey, seal } from "../sealing/seal";
import {
  listFiles,
  moveDurably,
  privateFolder,
  readIfThere,
  removeDurably,
  sweepUnfinished,
  writeDurably,
} from "./durable-file";

/** The grant that what is done goes under, and the key that proves it. */
export interface UsageKey {
  readonly grant: string;
  readonly key: Buffer;
}

/** `unlock` and `lock` of an offline session, what was read in it, and the fifth wrong password. */
export type Use = "unlock" | "lock" | "ward" | "chart" | "locked-out";

const recordSchema = z.strictObject({ grant: z.uuid(), payload: z.string(), mac: z.base64() });
const ending = ".use";
const refused = ".refused";

/**
 * What was done while the network was away, on the disk before it is shown, told to the audit when the database is back.
 * Each record is signed when it happens: nobody who finds the files can add to them.
 */
export class UsageLog {
  constructor(
    private readonly folder: string,
    private readonly key: SealingKey,
    private readonly now: () => number,
  ) {}

  async prepare(): Promise<void> {
    await privateFolder(this.folder);
    await sweepUnfinished(this.folder);
  }

  #record(id: string, by: UsageKey, what: Use, more: { patient?: string; wrong_before?: number }, at: string | null) {
    const payload = JSON.stringify({ v: 1, id, what, at, ...more });
    const mac = createHmac("sha256", by.key).update(payload, "utf8").digest("base64");
    const record: z.output<typeof recordSchema> = { grant: by.grant, payload, mac };
    return seal(this.key, JSON.stringify(record), `usage|${id}`);
  }

  async note(by: UsageKey, what: Use, more: { patient?: string; wrong_before?: number } = {}): Promise<void> {
    const id = uuidv7();
    const at = new Date(this.now()).toISOString();
    await writeDurably(join(this.folder, `${id}${ending}`), this.#record(id, by, what, more, at));
  }

  /**
   * Signs the note of the fifth wrong password beforehand, into `folder`: when it happens nobody who could sign it is there.
   */
  async prepareLockedOut(by: UsageKey, folder: string): Promise<void> {
    for (const name of await listFiles(folder, ending)) await removeDurably(join(folder, name));
    const id = uuidv7();
    await writeDurably(join(folder, `${id}${ending}`), this.#record(id, by, "locked-out", {}, null));
  }

  async noteLockedOut(folder: string): Promise<void> {
    for (const name of await listFiles(folder, ending)) await moveDurably(join(folder, name), join(this.folder, name));
  }

  /** Tells the database everything that it has not heard. Throws what the database throws; what is untold stays. */
  async tell(database: Database): Promise<void> {
    for (const name of await listFiles(this.folder, ending)) {
      const path = join(this.folder, name);
      const record = await this.#read(path, name.slice(0, -ending.length));
      if (record) {
        const [row] = await database.statement("SELECT api.tell_offline_used($1, $2, $3) AS outcome", [
          record.grant,
          record.payload,
          Buffer.from(record.mac, "base64"),
        ]);
        if (row?.["outcome"] !== "refused") {
          await removeDurably(path);
          continue;
        }
      }
      // Damaged, or of a database that was replaced since: kept, and not asked again.
      await moveDurably(path, `${path}${refused}`);
    }
  }

  async #read(path: string, id: string): Promise<z.output<typeof recordSchema> | undefined> {
    try {
      const sealed = await readIfThere(path);
      return sealed && recordSchema.parse(JSON.parse(open(this.key, sealed, `usage|${id}`)));
    } catch {
      return undefined;
    }
  }
}
