import { AnchorConflict, type AnchorWritten } from "./anchoring";

export interface AnchorSchedule {
  start(): void;
  stop(): void;
  /** Why the last try failed, in a sentence; null when it did not. */
  readonly trouble: () => string | null;
}

export interface AnchorScheduleOptions {
  readonly minutes: number;
  /** Writes an anchor, or finds that it is not this one's turn. */
  readonly write: () => Promise<AnchorWritten | undefined>;
  /** Whether the database can be asked now. */
  readonly isReady: () => boolean;
  readonly log: { info(line: string): void; unexpected(where: string, error: unknown): string };
}

const MINUTE = 60_000;
/** Minutes after the start before the first turn is asked for: what starts has more urgent work. */
const FIRST_TURN = 2;

/**
 * Asks for a turn every minute and leaves it to the database when one is due: it knows when the last anchor was written, and
 * by whom, over any number of workstations and restarts.
 */
export function createAnchorSchedule(options: AnchorScheduleOptions): AnchorSchedule {
  const { log } = options;
  let timer: NodeJS.Timeout | undefined;
  let busy = false;
  let trouble: string | null = null;
  let begun = 0;

  async function turn(): Promise<void> {
    begun += 1;
    if (busy || begun < Math.min(options.minutes, FIRST_TURN) || !options.isReady()) return;
    busy = true;
    try {
      const written = await options.write();
      if (written) log.info(`anchor ${written.number} over ${written.chains} chains`);
      if (written) trouble = null;
    } catch (error) {
      if (error instanceof AnchorConflict) {
        trouble = error.message;
        log.info("the audit no longer agrees with its anchors; no anchor was written");
      } else trouble = `The last anchor could not be written (reference ${log.unexpected("anchors", error)}).`;
    } finally {
      busy = false;
    }
  }

  return {
    start: () => {
      timer ??= setInterval(() => void turn(), MINUTE);
      timer.unref();
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
    trouble: () => trouble,
  };
}
