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

/** Milliseconds between two heartbeats at the least. */
const HEARTBEAT = 60_000;

/** Watches while somebody is signed in: trusted input puts the lock off and, at most once a minute, refreshes the session. */
export function createActivity(options: ActivityOptions) {
  let watch: IdleWatch | undefined;
  let lastHeartbeat = 0;
  const stop = () => {
    watch?.stop();
    watch = undefined;
  };
  return {
    start(): void {
      stop();
      lastHeartbeat = options.clock.monotonic();
      const { clock, limitSeconds, onWarning, onIdle } = options;
      watch = watchIdle({ clock, limitSeconds, onWarning, onIdle });
    },
    input(): void {
      if (!watch) return;
      watch.input();
      const now = options.clock.monotonic();
      if (now - lastHeartbeat < HEARTBEAT) return;
      lastHeartbeat = now;
      void options.heartbeat();
    },
    stop,
  };
}
