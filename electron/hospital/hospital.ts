import { Refusal } from "../../shared/failure";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { CentralDatabase } from "../config";
import { type LateDatabase, lateDatabase } from "../database/late-database";
import { CentralStay } from "./central-stay";
import { EmbeddedStay } from "./embedded-stay";
import type { HospitalLog, LoadDemo, Report, Stay } from "./stay";

export interface HospitalOptions {
  readonly home: string;
  readonly migrations: string;
  readonly central: CentralDatabase | undefined;
  /** Load the demo hospital into an empty embedded database without asking. */
  readonly loadDemoUnasked: boolean;
  readonly loadDemo: LoadDemo;
  readonly onStatus: () => void;
  readonly log: HospitalLog;
  /** Milliseconds between two looks at a central database that is there; once a minute where nothing else is said. */
  readonly lookEvery?: number;
}

/** Milliseconds that quitting waits for a database that does not answer. What was saved is safe without it. */
const PATIENCE_AT_THE_END = 3000;

/** Starts and keeps the database behind the window, and says at any time how far it is. */
export class Hospital {
  readonly database: LateDatabase = lateDatabase();
  #report: Report = { phase: "starting", message: null };
  #demo = false;
  #stay: Stay;
  #stopped = false;
  #changing = false;
  #central: CentralDatabase | undefined;
  /** The change that is under way; never rejects. */
  #change: Promise<void> = Promise.resolve();

  constructor(private readonly options: HospitalOptions) {
    this.#central = options.central;
    this.#stay = this.#stayAt(options.central);
  }

  /** The central database that is used now, or tried; undefined: the database of this machine. */
  get central(): CentralDatabase | undefined {
    return this.#central;
  }

  get isChanging(): boolean {
    return this.#changing;
  }

  get status(): Pick<AppStatus, "phase" | "message" | "reason" | "demo" | "database"> {
    const { demo: _known, ...news } = this.#report;
    return { ...news, demo: this.#demo, database: this.#stay.kind };
  }

  /** Tries until it succeeds or the app stops; resolves with the first success. */
  async start(): Promise<void> {
    if (!this.#stopped) await this.#stay.start();
  }

  async loadDemo(): Promise<void> {
    await this.#stay.loadDemo();
  }

  /**
   * Leaves the database of now and joins another; `undefined` is one of this machine's own. Resolves when that was tried
   * once, whatever came of it: `status` says. A database of this machine that was never loaded is deleted. For moments in
   * which nobody is signed in.
   */
  async changeConnection(central: CentralDatabase | undefined): Promise<void> {
    if (this.#changing || this.#stopped) throw new Refusal("TOO_MANY_REQUESTS");
    this.#changing = true;
    try {
      const old = this.#stay;
      this.database.detach(new Refusal("DATABASE_BUSY"));
      this.#central = central;
      this.#stay = this.#stayAt(central);
      this.#tell({ phase: "starting", message: null, demo: false });
      // Whatever keeps the old one from being tidied away must not keep the new one from being joined.
      const left = old.leave(true).catch((error: unknown) => void this.options.log.unexpected("database left", error));
      this.#change = left;
      await left;
      if (this.#stopped) return;
      void this.#stay.start().catch((error: unknown) => this.options.log.unexpected("database start", error));
      await this.#stay.tried;
    } finally {
      this.#changing = false;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    let late: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      late = setTimeout(resolve, PATIENCE_AT_THE_END);
    });
    await Promise.race([Promise.all([this.#stay.leave(false), this.#change]), enough]).finally(() =>
      clearTimeout(late),
    );
  }

  #stayAt(central: CentralDatabase | undefined): Stay {
    const { home, migrations, loadDemoUnasked, loadDemo, log, lookEvery } = this.options;
    const { database } = this;
    // What the database that was left still finds out is no news any more.
    const report = (news: Report) => {
      if (this.#stay === stay) this.#tell(news);
    };
    const stay: Stay = central
      ? new CentralStay({ central, migrations, database, report, log, lookEvery })
      : new EmbeddedStay({ home, migrations, database, loadDemoUnasked, loadDemo, report, log });
    return stay;
  }

  #tell(news: Report): void {
    this.#report = news;
    if (news.demo !== undefined) this.#demo = news.demo;
    try {
      this.options.onStatus();
    } catch (error) {
      // Who cannot hear it must not end the work that it is about.
      this.options.log.unexpected("status", error);
    }
  }
}
