import { Refusal } from "../../shared/failure";
import type { Clock } from "../clock";

export interface DatabaseReturnOptions {
  readonly clock: Clock;
  /** The session goes on as the database's, or ends. */
  readonly session: () => Promise<void>;
  /** What waits is sent. Never rejects. */
  readonly send: () => Promise<void>;
  /** The ward is read as it is now. Never rejects. */
  readonly readWard: () => Promise<void>;
  readonly logUnexpected: (where: string, error: unknown) => string;
}

/** Milliseconds between two tries to go on with the database's session, when the first met trouble. */
const BETWEEN_RETURNS = 20_000;

/** What happens when the database is back: the session first, then what waits, then the ward as it is now. */
export class DatabaseReturn {
  #underWay: Promise<void> | undefined;
  /** Milliseconds of the monotonic clock before which the session is not renewed again. */
  #notBefore = 0;

  constructor(private readonly options: DatabaseReturnOptions) {}

  /** Never rejects. */
  async begin(): Promise<void> {
    const { clock, session, send, readWard, logUnexpected } = this.options;
    const now = clock.monotonic();
    // A proof on its way is counted as a wrong one until it is judged: a network that flaps must not lock the account.
    if (!this.#underWay && now < this.#notBefore) return;
    this.#notBefore = now + BETWEEN_RETURNS;
    this.#underWay ??= session()
      .then(
        () => {
          this.#notBefore = 0;
        },
        (error: unknown) => {
          if (!(error instanceof Refusal)) logUnexpected("back from offline", error);
        },
      )
      .then(send)
      .then(readWard)
      .finally(() => {
        this.#underWay = undefined;
      });
    return this.#underWay;
  }
}
