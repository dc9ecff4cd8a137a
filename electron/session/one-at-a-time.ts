import { Refusal } from "../../shared/failure";

/** Lets one piece of work in, and refuses whatever comes while it runs: Refusal TOO_MANY_REQUESTS. */
export class OneAtATime {
  #busy = false;

  get isBusy(): boolean {
    return this.#busy;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Refusal("TOO_MANY_REQUESTS");
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }
}
