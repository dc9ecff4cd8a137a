export interface RoundsOptions {
  /** Keeps the clock, sweeps what ran out, counts, and looks whether somebody's time is over. */
  readonly tidy: () => Promise<void>;
  readonly readWard: () => unknown;
  /** Goes on with the database's session, where one was opened without it. */
  readonly renew: () => unknown;
  readonly send: () => unknown;
  readonly logUnexpected: (where: string, error: unknown) => string;
}

const MINUTE = 60_000;
/** Milliseconds between two readings of the ward. */
const READ_WARD = 5 * MINUTE;
/** Milliseconds between two looks whether the database's session is to be gone on with. */
const RENEW = 5000;

/** What is done again and again, whether anything happened or not. */
export class Rounds {
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(private readonly options: RoundsOptions) {}

  start(): void {
    const { tidy, readWard, renew, send, logUnexpected } = this.options;
    this.#every(MINUTE, () => tidy().catch((error: unknown) => logUnexpected("offline", error)));
    this.#every(READ_WARD, readWard);
    this.#every(RENEW, renew);
    this.#every(MINUTE, send);
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  #every(milliseconds: number, work: () => unknown): void {
    this.#timers.push(setInterval(() => void work(), milliseconds).unref());
  }
}
