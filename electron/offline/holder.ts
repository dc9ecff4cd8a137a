import { Refusal } from "../../shared/failure";
import { forgetHold, type OfflineHold } from "./offline-hold";

/** Whose work can go on without the database, and whether it does now. The one owner of the keys that are in memory for it. */
export class Holder {
  #hold: OfflineHold | undefined;
  /** Opened by a password without the database, rather than granted by it just now. */
  #opened = false;
  /** Grows with every hold that ends, so that what was on its way for it is dropped. */
  #turn = 0;
  /** For whom it is being made ready; a copy of before may lie there already. */
  #granting: string | undefined;
  /** Whose keys were zeroed last. */
  #last: string | undefined;

  /** `now` in milliseconds of Unix time, by the clock that nobody sets back. */
  constructor(private readonly now: () => number) {}

  get hold(): OfflineHold | undefined {
    return this.#hold;
  }

  get opened(): boolean {
    return this.#opened;
  }

  get turn(): number {
    return this.#turn;
  }

  /** Refuses with OFFLINE_UNAVAILABLE where nobody holds anything, with OFFLINE_EXPIRED when their time is over. */
  held(): OfflineHold {
    if (!this.#hold) throw new Refusal("OFFLINE_UNAVAILABLE");
    if (this.isOver()) throw new Refusal("OFFLINE_EXPIRED");
    return this.#hold;
  }

  isOver(): boolean {
    return this.#hold !== undefined && this.now() >= this.#hold.until;
  }

  granting(username: string): void {
    this.#granting = username;
  }

  /** By the database's word, with the database there. */
  granted(hold: OfflineHold): void {
    this.#hold = hold;
    this.#opened = false;
  }

  /** By a password alone. */
  open(hold: OfflineHold): void {
    this.#hold = hold;
    this.#opened = true;
  }

  /** The database's session goes on. */
  online(): void {
    this.#opened = false;
  }

  /**
   * Zeroes every key, after `lastWords` of a hold that was opened without the database: they are told before its keys are gone.
   * Answers whether there was anything to forget.
   */
  forget(lastWords: (hold: OfflineHold) => void): boolean {
    this.#turn += 1;
    const hold = this.#hold;
    const opened = this.#opened;
    this.#hold = undefined;
    this.#opened = false;
    // Whoever is here without a copy of their own, as after a badge, takes nobody else's away when they leave.
    this.#last = hold?.person.username ?? this.#granting;
    this.#granting = undefined;
    if (!hold) return false;
    if (opened) lastWords(hold);
    forgetHold(hold);
    return true;
  }

  /** The username of whoever was here last; answered once. */
  takeLast(): string | undefined {
    const username = this.#last;
    this.#last = undefined;
    return username;
  }
}
