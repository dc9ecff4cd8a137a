import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Refusal } from "../../shared/failure";
import { readNote } from "../database/embedded/places";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../database/embedded-database";
import { EmbeddedServerTrouble } from "../database/embedded-server";
import type { LateDatabase } from "../database/late-database";
import { SchemaRefused } from "../database/migrate";
import { type Database, openDatabase } from "../database/pool";
import { gate, type HospitalLog, type LoadDemo, type Phase, pause, type Report, type Stay } from "./stay";

export interface EmbeddedStayOptions {
  readonly home: string;
  readonly migrations: string;
  readonly database: LateDatabase;
  /** Load the demo hospital into an empty database without asking. */
  readonly loadDemoUnasked: boolean;
  readonly loadDemo: LoadDemo;
  readonly report: (report: Report) => void;
  readonly log: HospitalLog;
}

/**
 * Moved aside first, under a name that the next preparation of a database sweeps away: a deletion that is interrupted must
 * not leave half a cluster where a whole one is expected.
 */
async function discard(cluster: string): Promise<void> {
  const aside = join(dirname(cluster), `cluster.new-${process.pid}-left`);
  await rename(cluster, aside);
  await rm(aside, { recursive: true, force: true });
}

/** Milliseconds until the next try after the database did not start. */
const TRY_AGAIN = 2000;

/** The database of this machine alone: started, brought to this version, and started again should it stop. */
export class EmbeddedStay implements Stay {
  readonly kind = "embedded";
  readonly #tried = gate();
  #embedded: EmbeddedDatabase | undefined;
  #door: Database | undefined;
  #phase: Phase = "starting";
  #left = false;
  #starting: Promise<void> | undefined;
  #waiting = pause(0);

  constructor(private readonly options: EmbeddedStayOptions) {}

  get tried(): Promise<void> {
    return this.#tried.passed;
  }

  start(): Promise<void> {
    this.#starting = this.#keepTrying();
    return this.#starting;
  }

  async loadDemo(): Promise<void> {
    if (this.#phase === "starting" || this.#phase === "unavailable") throw new Refusal("DATABASE_BUSY");
    if (!this.#embedded || this.#phase !== "empty") throw new Refusal("ALREADY_LOADED");
    this.#say("loading-demo", null);
    try {
      await this.#embedded.asOwner((query) => this.options.loadDemo({ query }));
    } catch (error) {
      this.#say("empty", "The demo hospital could not be loaded; nothing was changed.");
      throw error;
    }
    await this.#look();
  }

  async leave(forGood: boolean): Promise<void> {
    this.#left = true;
    this.#waiting.end();
    if (forGood) await this.#starting?.catch(() => undefined);
    const neverUsed = forGood && (await this.#neverUsed());
    this.#tried.open();
    await this.#door?.close().catch(() => undefined);
    await this.#embedded?.server.stop();
    const cluster = neverUsed && this.#embedded?.server.owned ? readNote(this.options.home)?.dataDirectory : undefined;
    if (cluster) await discard(cluster);
  }

  /**
   * Asked of the database itself; what it does not answer counts as used. A hospital or demo that was removed again leaves
   * an audit behind, and wards may be set up before anybody has an account: neither is ours to delete.
   */
  async #neverUsed(): Promise<boolean> {
    if (this.#phase !== "empty" || !this.#embedded) return false;
    return this.#embedded
      .asOwner(async (query) => {
        const { rows } = await query(
          `SELECT (SELECT loaded_at IS NULL FROM private.installation)
              AND NOT EXISTS (SELECT FROM hospital.staff) AND NOT EXISTS (SELECT FROM hospital.ward)
              AND NOT EXISTS (SELECT FROM hospital.patient) AND NOT EXISTS (SELECT FROM private.audit_entry) AS never`,
        );
        return rows[0]?.["never"] === true;
      })
      .catch(() => false);
  }

  async #keepTrying(): Promise<void> {
    while (!this.#left) {
      try {
        await this.#startOnce();
        return;
      } catch (error) {
        if (this.#left) return;
        const reference = this.options.log.unexpected("database start", error);
        this.#say(
          "unavailable",
          error instanceof SchemaRefused || error instanceof EmbeddedServerTrouble
            ? error.message
            : error instanceof Refusal
              ? error.failure.message
              : `The database could not be started. The log has the reason (reference ${reference}).`,
          {
            ...(error instanceof SchemaRefused ? { reason: "SCHEMA_MISMATCH" } : {}),
            ...(error instanceof Refusal ? { reason: error.failure.code } : {}),
          },
        );
        this.#tried.open();
        this.#waiting = pause(TRY_AGAIN);
        await this.#waiting.over;
      }
    }
  }

  async #startOnce(): Promise<void> {
    const { home, migrations, database, log } = this.options;
    const embedded = await startEmbeddedDatabase({
      home,
      migrations,
      onProgress: (phase) => {
        if (phase === "initialising") this.#say("starting", "Preparing a new database on this machine.");
        if (phase === "recovering")
          this.#say("starting", "The database was not closed properly and is recovering. Nothing saved is lost.");
      },
    });
    this.#embedded = embedded;
    if (this.#left) {
      await embedded.server.stop();
      return;
    }
    log.info(`embedded database ready, ${embedded.server.owned ? "started here" : "shared with another process"}`);
    void embedded.server.exited.then(() => {
      if (this.#left || this.#embedded !== embedded) return;
      this.#say("unavailable", "The database stopped and is being started again. Nothing saved is lost.");
      void this.start();
    });
    this.#door = openDatabase(embedded.workstation);
    database.attach(this.#door);
    await this.#look();
    this.#tried.open();
    if (this.#phase === "empty" && this.options.loadDemoUnasked) await this.loadDemo();
  }

  async #look(): Promise<void> {
    const [row] = await this.options.database.statement("SELECT loaded, demo FROM api.installation_status()");
    this.#say(row?.["loaded"] === true ? "ready" : "empty", null, { demo: row?.["demo"] === true });
  }

  #say(phase: Phase, message: string | null, more: Pick<Report, "demo" | "reason"> = {}): void {
    this.#phase = phase;
    if (!this.#left) this.options.report({ phase, message, ...more });
  }
}
