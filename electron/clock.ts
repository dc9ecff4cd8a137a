import { uptime } from "node:os";
import { hrtime } from "node:process";

/** Three clocks that no one hand moves together: the wall's, the process's and the machine's. All in milliseconds. */
export interface Clock {
  /** Wall clock; may be set forward, back, or stand still. */
  now(): Date;
  /** Monotonic since some moment; may stand still while the machine sleeps. */
  monotonic(): number;
  /** Since the machine started; goes on while it sleeps. */
  uptime(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => Number(hrtime.bigint() / 1_000_000n),
  uptime: () => uptime() * 1000,
};
