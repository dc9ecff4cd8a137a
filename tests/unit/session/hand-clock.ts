import type { Clock } from "../../../electron/clock";

/** Three clocks that a test moves by hand, each by itself, in milliseconds. */
export interface HandClock extends Clock {
  pass(
    milliseconds: number,
    which?: { readonly wall?: boolean; readonly monotonic?: boolean; readonly uptime?: boolean },
  ): void;
  setWall(milliseconds: number): void;
}

export function handClock(start = Date.UTC(2026, 3, 5, 9, 5)): HandClock {
  let wall = start;
  let monotonic = 5000;
  let uptime = 9_000_000;
  return {
    now: () => new Date(wall),
    monotonic: () => monotonic,
    uptime: () => uptime,
    pass(milliseconds, which = {}) {
      if (which.wall !== false) wall += milliseconds;
      if (which.monotonic !== false) monotonic += milliseconds;
      if (which.uptime !== false) uptime += milliseconds;
    },
    setWall(milliseconds) {
      wall = milliseconds;
    },
  };
}
