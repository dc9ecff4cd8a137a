import { Refusal } from "../../shared/failure";
import type { Clock } from "../clock";
import type { Database } from "../database/pool";

export interface ConnectionWatchOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Whether what keeps the database from answering is that it cannot be reached, as far as its keeper knows. */
  readonly unreachable: () => boolean;
  readonly onChange: () => void;
  /** Milliseconds between two looks while it is away. */
  readonly every?: number;
}

/** Milliseconds that the database gets to answer the shortest of questions before it counts as away. */
const PATIENCE = 4000;
/** The same while somebody stands before the lock page. */
export const SHORT_PATIENCE = 600;
const EVERY = 2000;
/** Milliseconds after its end for which an absence explains what the database says. */
const RECENT = 60_000;

/**
 * Knows whether the database answers, and since when it does not. A database that answers "no" is there: a login that was
 * withdrawn, or a schema that does not fit, is no network that is away, and opens nothing here.
 */
export class ConnectionWatch {
  #awaySince: Date | null = null;
  /** The absence that is on, or the last one, by the clock that goes on while the machine sleeps. Milliseconds. */
  #absence: { readonly from: number; until: number | null } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<boolean> | undefined;
  #stopped = false;
  /** Whether it has answered since the start: until then nothing would tell that it is away. */
  #answered = false;

  constructor(private readonly options: ConnectionWatchOptions) {}

  get awaySince(): Date | null {
    return this.#awaySince;
  }

  /** Whether the database is away for at least so many milliseconds now, or was until less than a minute ago. */
  wasAwayFor(milliseconds: number): boolean {
    if (!this.#absence) return false;
    const now = this.options.clock.uptime();
    const { from, until } = this.#absence;
    return (until ?? now) - from >= milliseconds && (until === null || now - until < RECENT);
  }

  start(): void {
    this.options.database.onConnectionChange((connected) => {
      // A connection may be lost by a restart of a second: asked once more before it is said.
      if (!connected) void this.look();
      else this.#settle(false);
    });
    void this.look();
    this.#timer = setInterval(() => {
      if (this.#awaySince || !this.#answered) void this.look();
    }, this.options.every ?? EVERY);
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  /** Asks now. Answers whether the database is away; at the latest after `patience` milliseconds. */
  async look(patience = PATIENCE): Promise<boolean> {
    // One question at a time: behind a network that swallows everything they would pile up.
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    let late: NodeJS.Timeout | undefined;
    const silence = new Promise<true>((resolve) => {
      late = setTimeout(() => resolve(true), patience);
    });
    const away = await Promise.race([this.#asking, silence]).finally(() => clearTimeout(late));
    this.#settle(away);
    return away;
  }

  /** An answer that comes late is an answer all the same. */
  async #ask(): Promise<boolean> {
    const away = await this.options.database.statement("SELECT api.schema_version() AS version").then(
      () => {
        this.#answered = true;
        return false;
      },
      (error: unknown) => {
        if (!(error instanceof Refusal)) return this.#awaySince !== null;
        const { code } = error.failure;
        return code === "DATABASE_UNAVAILABLE" || (code === "DATABASE_BUSY" && this.options.unreachable());
      },
    );
    this.#settle(away);
    return away;
  }

  #settle(away: boolean): void {
    if (this.#stopped || away === (this.#awaySince !== null)) return;
    const now = this.options.clock.uptime();
    if (away) this.#absence = { from: now, until: null };
    else if (this.#absence) this.#absence.until = now;
    this.#awaySince = away ? this.options.clock.now() : null;
    this.options.onChange();
  }
}
