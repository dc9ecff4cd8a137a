import { readdir } from "node:fs/promises";
import { Refusal } from "../../shared/failure";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { CentralDatabase } from "../config";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../database/embedded-database";
import { EmbeddedServerTrouble } from "../database/embedded-server";
import { type LateDatabase, lateDatabase } from "../database/late-database";
import { SchemaRefused } from "../database/migrate";
import { type Database, type OwnerQuery, openDatabase } from "../database/pool";

type Phase = AppStatus["phase"];

export interface HospitalOptions {
  readonly home: string;
  readonly migrations: string;
  readonly central: CentralDatabase | undefined;
  /** Load the demo hospital into an empty embedded database without asking. */
  readonly loadDemoUnasked: boolean;
  readonly loadDemo: (owner: { query: OwnerQuery }) => Promise<unknown>;
  readonly onStatus: () => void;
  readonly log: { info(line: string): void; unexpected(where: string, error: unknown): string };
}

/** Milliseconds until the next try after the database was not there. */
const TRY_AGAIN = 2000;

/** Starts and keeps the database behind the window, and says at any time how far it is. */
export class Hospital {
  readonly database: LateDatabase = lateDatabase();
  #phase: Phase = "starting";
  #message: string | null = null;
  #demo = false;
  #embedded: EmbeddedDatabase | undefined;
  #stopping = false;

  constructor(private readonly options: HospitalOptions) {}

  get status(): { phase: Phase; message: string | null; demo: boolean; database: AppStatus["database"] } {
    return {
      phase: this.#phase,
      message: this.#message,
      demo: this.#demo,
      database: this.options.central ? "central" : "embedded",
    };
  }

  /** Tries until it succeeds or the app stops; resolves with the first success. */
  async start(): Promise<void> {
    while (!this.#stopping) {
      try {
        await (this.options.central ? this.#joinCentral(this.options.central) : this.#startEmbedded());
        return;
      } catch (error) {
        const reference = this.options.log.unexpected("database start", error);
        const message =
          error instanceof SchemaRefused || error instanceof EmbeddedServerTrouble
            ? error.message
            : error instanceof Refusal
              ? error.failure.message
              : `The database could not be started. The log has the reason (reference ${reference}).`;
        this.#say("unavailable", message);
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN));
      }
    }
  }

  async loadDemo(): Promise<void> {
    if (!this.#embedded)
      throw new Refusal("ALREADY_LOADED", "On a central database IT loads the demo hospital, by database:prepare.");
    if (this.#phase !== "empty") throw new Refusal("ALREADY_LOADED");
    this.#say("loading-demo", null);
    try {
      await this.#embedded.asOwner((query) => this.options.loadDemo({ query }));
    } catch (error) {
      this.#say("empty", "The demo hospital could not be loaded; nothing was changed.");
      throw error;
    }
    await this.#look(this.database);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.database.close().catch(() => undefined);
    await this.#embedded?.server.stop();
  }

  #say(phase: Phase, message: string | null): void {
    this.#phase = phase;
    this.#message = message;
    this.options.onStatus();
  }

  async #startEmbedded(): Promise<void> {
    const embedded = await startEmbeddedDatabase({
      home: this.options.home,
      migrations: this.options.migrations,
      onProgress: (phase) => {
        if (phase === "initialising") this.#say("starting", "Preparing a new database on this machine.");
        if (phase === "recovering")
          this.#say("starting", "The database was not closed properly and is recovering. Nothing saved is lost.");
      },
    });
    this.#embedded = embedded;
    this.options.log.info(
      `embedded database ready, ${embedded.server.owned ? "started here" : "shared with another process"}`,
    );
    void embedded.server.exited.then(() => {
      if (this.#stopping || this.#embedded !== embedded) return;
      this.#say("unavailable", "The database stopped and is being started again. Nothing saved is lost.");
      void this.start();
    });
    this.database.attach(openDatabase(embedded.workstation));
    await this.#look(this.database);
    if (this.#phase === "empty" && this.options.loadDemoUnasked) await this.loadDemo();
  }

  async #joinCentral(central: CentralDatabase): Promise<void> {
    const database = openDatabase(central);
    try {
      await this.#refuseStrangeLogin(database);
      await this.#refuseOtherSchema(database);
    } catch (error) {
      await database.close();
      throw error;
    }
    this.database.attach(database);
    await this.#look(database);
  }

  /** An owner or superuser would walk round every row policy: the workstation must not work with one. */
  async #refuseStrangeLogin(database: Database): Promise<void> {
    const [row] = await database.statement(
      `SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole
         OR coalesce((SELECT bool_or(pg_has_role(current_user, o.oid, 'MEMBER')) FROM pg_roles o WHERE o.rolname IN ('lamplight_owner', 'lamplight_reader')), false)
         AS strange FROM pg_roles r WHERE r.rolname = current_user`,
    );
    if (row?.["strange"] !== false)
      throw new SchemaRefused(
        "The database login is an owner or superuser. Use the workstation's login that database:prepare made.",
      );
  }

  async #refuseOtherSchema(database: Database): Promise<void> {
    const names = (await readdir(this.options.migrations)).filter((name) => name.endsWith(".sql")).sort();
    const ours = names.at(-1);
    const [row] = await database.statement("SELECT api.schema_version() AS version").catch(() => []);
    if (row === undefined)
      throw new SchemaRefused(
        "The database holds no Lamplight schema that this login may use. IT runs database:prepare first.",
      );
    const theirs = row["version"];
    if (theirs !== ours)
      throw new SchemaRefused(
        `The database's schema is ${String(theirs)}, this version needs ${String(ours)}. Nothing is read or written until they match.`,
      );
  }

  async #look(database: Database): Promise<void> {
    const [row] = await database.statement("SELECT loaded, demo FROM api.installation_status()");
    this.#demo = row?.["demo"] === true;
    this.#say(row?.["loaded"] === true ? "ready" : "empty", null);
  }
}
