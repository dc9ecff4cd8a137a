import { Refusal } from "../../shared/failure";
import type { OfflineState } from "../../shared/offline/offline-state";
import type { Database } from "../database/pool";
import { isNotNow } from "./not-now";
import type { OfflineFiles } from "./offline-files";
import { replayOutbox } from "./outbox-replay";

export interface SendingOptions {
  readonly files: Pick<OfflineFiles, "outbox" | "usage" | "clock">;
  readonly database: Database;
  readonly log: { info(line: string): void; unexpected(where: string, error: unknown): string };
  /** Counts what lies on the disk. Never rejects. */
  readonly count: () => Promise<void>;
  /** The database has more than before. */
  readonly onSent: () => void;
}

/** Milliseconds after which a set is sent that was typed while the database was there again. */
const SOON = 1000;

/** Tells the database what was used without it, then sends what waits. One at a time. */
export class Sending {
  #underWay: Promise<void> | undefined;
  #sent: OfflineState["sent"] = null;

  constructor(private readonly options: SendingOptions) {}

  /** What was sent since the database came back, for whoever is here. */
  get sent(): OfflineState["sent"] {
    return this.#sent;
  }

  forgetSent(): void {
    this.#sent = null;
  }

  soon(): void {
    setTimeout(() => void this.send(), SOON).unref();
  }

  /** Never rejects; what met trouble waits on. */
  send(): Promise<void> {
    this.#underWay ??= this.#send().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #send(): Promise<void> {
    const { files, database, log, count, onSent } = this.options;
    const { outbox, clock } = files;
    try {
      await this.#tellUse();
      if ((await outbox.waiting()).length === 0) return;
      const done = await replayOutbox({
        outbox,
        database,
        now: clock.now,
        logUnexpected: log.unexpected,
        onProgress: () => void count(),
      });
      log.info(`outbox: ${done.sent} sent, ${done.setAside} set aside, ${done.left} wait on`);
      if (done.sent > 0) {
        this.#sent = { count: (this.#sent?.count ?? 0) + done.sent, at: new Date(clock.now()).toISOString() };
        onSent();
      }
    } catch (error) {
      if (!(error instanceof Refusal)) log.unexpected("outbox", error);
    } finally {
      await count();
    }
  }

  /** A use that cannot be told, whatever is wrong with it, keeps no vital signs from the chart. */
  async #tellUse(): Promise<void> {
    const { files, database, log } = this.options;
    await files.usage.tell(database).catch((error: unknown) => {
      if (isNotNow(error)) throw error;
      log.unexpected("offline use", error);
    });
  }
}
