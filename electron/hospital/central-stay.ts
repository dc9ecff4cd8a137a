import { Refusal } from "../../shared/failure";
import type { CentralDatabase } from "../config";
import type { LateDatabase } from "../database/late-database";
import { type Database, openDatabase } from "../database/pool";
import { ownSchema, refuseOtherSchema, refuseStrangeLogin } from "./schema-state";
import { gate, type HospitalLog, pause, type Report, type Stay } from "./stay";

export interface CentralStayOptions {
  readonly central: CentralDatabase;
  readonly migrations: string;
  readonly database: LateDatabase;
  readonly report: (report: Report) => void;
  readonly log: HospitalLog;
  /** Milliseconds between two looks at a database that is there. */
  readonly lookEvery?: number | undefined;
}

/** Milliseconds between two looks: while the database is away, and while it is there. */
const TRY_AGAIN = 2000;
const LOOK_AGAIN = 60_000;
/** Even a connection that breaks again and again is not looked at more often than this. */
const AT_MOST_EVERY = 100;

/**
 * The hospital's own server: joined with the workstation's login, looked at again whenever a connection was lost, and once a
 * minute. What does not fit is let go at once, and taken up again when it fits, without a restart of the app.
 */
export class CentralStay implements Stay {
  readonly kind = "central";
  readonly #options: CentralStayOptions;
  readonly #door: Database;
  readonly #joined = gate();
  readonly #tried = gate();
  #own: string | undefined;
  #left = false;
  #waiting = pause(0);
  #looking = false;
  #lookAgain = false;
  #connected = true;
  #attached = false;
  #said: string | null = null;

  constructor(options: CentralStayOptions) {
    this.#options = options;
    this.#door = openDatabase(options.central, 6, async (query) => {
      await refuseStrangeLogin(query);
      await refuseOtherSchema(query, await this.#ownSchema());
    });
    this.#door.onConnectionChange((connected) => {
      this.#connected = connected;
      // What this very look found out is no news to it.
      if (!this.#looking) {
        this.#lookAgain = true;
        this.#waiting.end();
      }
    });
  }

  get tried(): Promise<void> {
    return this.#tried.passed;
  }

  start(): Promise<void> {
    void this.#keepLooking();
    return this.#joined.passed;
  }

  async loadDemo(): Promise<void> {
    throw new Refusal("ALREADY_LOADED", "On a central database IT loads the demo hospital, with lamplight-admin.");
  }

  async leave(): Promise<void> {
    this.#left = true;
    this.#waiting.end();
    this.#tried.open();
    this.#joined.open();
    await this.#door.close();
  }

  async #keepLooking(): Promise<void> {
    while (!this.#left) {
      this.#lookAgain = false;
      this.#looking = true;
      const fits = await this.#look();
      this.#looking = false;
      if (this.#left) return;
      this.#tried.open();
      if (fits) this.#joined.open();
      // Lost again behind the back of a look that went well.
      if (fits && !this.#connected) this.#lookAgain = true;
      this.#waiting = pause(
        this.#lookAgain ? AT_MOST_EVERY : fits ? (this.#options.lookEvery ?? LOOK_AGAIN) : TRY_AGAIN,
      );
      await this.#waiting.over;
      if (this.#lookAgain) await pause(AT_MOST_EVERY).over;
    }
  }

  async #look(): Promise<boolean> {
    const { database, report } = this.#options;
    try {
      // A migration may have run while people work: asked each time, not only of a new connection.
      await refuseOtherSchema(this.#door.statement, await this.#ownSchema());
      const [row] = await this.#door.statement("SELECT loaded, demo FROM api.installation_status()");
      if (this.#left) return false;
      database.attach(this.#door);
      this.#attached = true;
      this.#said = null;
      report({ phase: row?.["loaded"] === true ? "ready" : "empty", message: null, demo: row?.["demo"] === true });
      return true;
    } catch (error) {
      if (!this.#left) this.#letGo(error);
      return false;
    }
  }

  #letGo(error: unknown): void {
    const { database, report, log } = this.#options;
    const refusal = error instanceof Refusal ? error : this.#unexpected(error);
    const { code, message } = refusal.failure;
    // A server that is away refuses each request by itself; one that must not be worked with gets none at all.
    if (code !== "DATABASE_UNAVAILABLE" || !this.#attached) {
      this.#attached = false;
      database.detach(refusal);
    }
    if (this.#said !== message) log.info(`the central database cannot be used: ${code}, ${message}`);
    this.#said = message;
    report({ phase: "unavailable", message, reason: code });
  }

  #unexpected(error: unknown): Refusal {
    if (this.#said?.startsWith(unexpectedWords)) return new Refusal("UNEXPECTED", this.#said);
    const reference = this.#options.log.unexpected("central database", error);
    return new Refusal("UNEXPECTED", `${unexpectedWords} The log has the reason (reference ${reference}).`);
  }

  async #ownSchema(): Promise<string> {
    this.#own ??= await ownSchema(this.#options.migrations);
    return this.#own;
  }
}

const unexpectedWords = "The hospital's database cannot be used.";
