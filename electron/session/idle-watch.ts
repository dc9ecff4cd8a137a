import type { Clock } from "../clock";

export interface IdleWatchOptions {
  readonly clock: Clock;
  /** Seconds without trusted input until the lock. */
  readonly limitSeconds: number;
  /** Called with the seconds left while the warning is on, and with null when it is over. */
  readonly onWarning: (secondsLeft: number | null) => void;
  readonly onIdle: (reason: "idle" | "suspend") => void;
  /** Milliseconds between two looks at the clocks. */
  readonly every?: number;
}

export interface IdleWatch {
  /** Trusted input was seen by the main process. */
  input(): void;
  /** Milliseconds since the last trusted input, by whichever clock says most. */
  idleFor(): number;
  stop(): void;
}

interface Marks {
  readonly wall: number;
  readonly monotonic: number;
  readonly uptime: number;
}

/** The machine slept when it lived longer than this process ran. Milliseconds that scheduling alone does not explain. */
const SLEPT = 5000;

/** Seconds after which the warning shows: a minute before the limit, but never before 80 % of it. */
export function warningAfter(limitSeconds: number): number {
  return Math.max(limitSeconds - 60, limitSeconds * 0.8);
}

/**
 * Compares time stamps instead of trusting one long timer: timers sleep with the machine, and any one clock can be set back
 * or stand still. Whichever of the three clocks reaches the limit first locks.
 */
export function watchIdle(options: IdleWatchOptions): IdleWatch {
  const { clock } = options;
  const look = (): Marks => ({ wall: clock.now().getTime(), monotonic: clock.monotonic(), uptime: clock.uptime() });
  let lastInput = look();
  let lastLook = lastInput;
  let warning = false;
  const warnAt = warningAfter(options.limitSeconds) * 1000;
  const limit = options.limitSeconds * 1000;

  const since = (marks: Marks, now: Marks) =>
    Math.max(now.wall - marks.wall, now.monotonic - marks.monotonic, now.uptime - marks.uptime, 0);

  const timer = setInterval(
    () => {
      const now = look();
      const slept = now.uptime - lastLook.uptime - (now.monotonic - lastLook.monotonic);
      lastLook = now;
      const idle = since(lastInput, now);
      if (slept > SLEPT || idle >= limit) {
        clearInterval(timer);
        options.onIdle(idle >= limit ? "idle" : "suspend");
        return;
      }
      if (idle >= warnAt) {
        warning = true;
        options.onWarning(Math.max(1, Math.ceil((limit - idle) / 1000)));
      }
    },
    options.every ?? Math.min(1000, limit / 20),
  );

  return {
    input: () => {
      lastInput = look();
      if (!warning) return;
      warning = false;
      options.onWarning(null);
    },
    idleFor: () => since(lastInput, look()),
    stop: () => clearInterval(timer),
  };
}
