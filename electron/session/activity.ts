import type { Clock } from "../clock";
import { type IdleWatch, watchIdle } from "./idle-watch";

export interface ActivityOptions {
  readonly clock: Clock;
  readonly limitSeconds: number;
  /** Tells the database that the person is there. */
  readonly heartbeat: () => Promise<void>;
  readonly onWarning: (secondsLeft: number | null) => void;
  readonly onIdle: (reason: "idle" | "suspend") => void;
}

/** Milliseconds between two heartbeats at the least, of a limit of fifteen minutes; of a shorter limit the same share. */
const HEARTBEAT = 60_000;

/**
 * Watches while somebody is signed in: trusted input puts the lock off and, at most once a minute, refreshes the session.
 * Input within that minute is told at its end: else the database would count a minute more of quiet than there was, and
 * end the session of somebody who comes back just before the lock.
 */
export function createActivity(options: ActivityOptions) {
  const between = Math.min(HEARTBEAT, (options.limitSeconds * 1000) / 15);
  let watch: IdleWatch | undefined;
  let lastHeartbeat = 0;
  let later: NodeJS.Timeout | undefined;
  const stop = () => {
    watch?.stop();
    watch = undefined;
    clearTimeout(later);
    later = undefined;
  };
  const beat = () => {
    clearTimeout(later);
    later = undefined;
    lastHeartbeat = options.clock.monotonic();
    void options.heartbeat();
  };
  return {
    start(): void {
      stop();
      lastHeartbeat = options.clock.monotonic();
      const { clock, limitSeconds, onWarning, onIdle } = options;
      watch = watchIdle({ clock, limitSeconds, onWarning, onIdle });
    },
    input(): void {
      // Input after the limit locks and is told to nobody.
      watch?.input();
      if (!watch?.isAwake()) return;
      const wait = lastHeartbeat + between - options.clock.monotonic();
      if (wait <= 0) beat();
      else later ??= setTimeout(beat, wait);
    },
    /** Looks at the clocks before anything is answered to a page. While nobody is signed in there is nothing to judge. */
    look(): void {
      watch?.isAwake();
    },
    stop,
  };
}
