import type { Clock } from "../clock";

export interface IdleWatchOptions {
  readonly clock: Clock;
  /** Seconds without trusted input until the lock. */
  readonly limitSeconds: number;
  /** Called with the seconds left while the warning is on, and with null when it is over. */
  readonly onWarning: (secondsLeft: number | null) => void;
  /** Called once; the watch is over by then. */
  readonly onIdle: (reason: "idle" | "suspend") => void;
  /** Milliseconds between two looks at the clocks. */
  readonly every?: number;
}

export interface IdleWatch {
  /** Trusted input was seen by the main process. Input that comes after the limit locks, as the timer would have. */
  input(): void;
  /** Looks at the clocks now, whatever the timer does: false from the limit on, and `onIdle` was called by then. */
  isAwake(): boolean;
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
 * or stand still. Whichever of the three clocks reaches the limit first locks. The clocks are read at every tick, at every
 * input and whenever somebody asks: a process that was stopped and goes on must not take the input that waited for it, nor
 * answer a page, before it has seen how late it is.
 */
export function watchIdle(options: IdleWatchOptions): IdleWatch {
  const { clock } = options;
  const look = (): Marks => ({ wall: clock.now().getTime(), monotonic: clock.monotonic(), uptime: clock.uptime() });
  const start = look();
  let lastInput = start;
  let warning = false;
  let over = false;
  const warnAt = warningAfter(options.limitSeconds) * 1000;
  const limit = options.limitSeconds * 1000;

  const since = (marks: Marks, now: Marks) =>
    Math.max(now.wall - marks.wall, now.monotonic - marks.monotonic, now.uptime - marks.uptime, 0);

  /** The marks of now while the person counts as present; undefined when the watch is over. */
  function judge(): Marks | undefined {
    if (over) return undefined;
    const now = look();
    // From the start on, so that no number of looks in between makes a gap small.
    const slept = now.uptime - start.uptime - (now.monotonic - start.monotonic);
    const idle = since(lastInput, now);
    if (slept <= SLEPT && idle < limit) return now;
    stop();
    options.onIdle(idle >= limit ? "idle" : "suspend");
    return undefined;
  }

  function stop(): void {
    over = true;
    clearInterval(timer);
  }

  const timer = setInterval(
    () => {
      const now = judge();
      const idle = now ? since(lastInput, now) : 0;
      if (!now || idle < warnAt) return;
      warning = true;
      options.onWarning(Math.max(1, Math.ceil((limit - idle) / 1000)));
    },
    options.every ?? Math.min(1000, limit / 20),
  );

  return {
    input: () => {
      const now = judge();
      if (!now) return;
      lastInput = now;
      if (!warning) return;
      warning = false;
      options.onWarning(null);
    },
    isAwake: () => judge() !== undefined,
    idleFor: () => since(lastInput, look()),
    stop,
  };
}
