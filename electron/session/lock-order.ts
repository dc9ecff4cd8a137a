import type { LockReason } from "../../shared/session/session-state";

/** What a lock does, in its order. Each step may fail; none keeps the next from being taken. */
export interface LockSteps {
  /** Whether somebody is signed in. */
  readonly isOpen: () => boolean;
  /** Takes what the window shows from the screen. Synchronous. */
  readonly cover: () => void;
  /**
   * State first, then drafts sealed, streams and tools aborted, keys zeroed, clipboard cleared, the database told. Nothing of
   * it is waited for here.
   */
  readonly close: (reason: LockReason) => void;
  readonly stopWatching: () => void;
  /** Opens the page for who is there now in a new process, and destroys the old one. */
  readonly replaceWindow: () => Promise<void>;
  /** Nothing worked: rather no app than an open one. */
  readonly giveUp: () => void;
  readonly logUnexpected: (where: string, error: unknown) => void;
  /** Resolves after milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Milliseconds in which the cover is drawn, so that no window manager fades out what was under it. */
const DRAWN = 40;
const ATTEMPTS = 3;

/** Locks: opaque, closed, then the rest. Whatever fails, it ends locked or it ends the app. */
export function createLock(steps: LockSteps) {
  function attempt(where: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      steps.logUnexpected(`lock: ${where}`, error);
    }
  }

  async function replace(): Promise<void> {
    for (let tried = 1; tried <= ATTEMPTS; tried += 1) {
      try {
        return await steps.replaceWindow();
      } catch (error) {
        steps.logUnexpected("lock: window", error);
        await steps.pause(100 * tried);
      }
    }
    steps.giveUp();
  }

  /**
   * Returns when nothing is shown and nothing answered any more, which is at once; the promise when the new window is there.
   * `then` runs in between, with the session closed: it decides which page that is.
   */
  function lock(reason: LockReason, then?: () => void): Promise<void> {
    if (!steps.isOpen()) return Promise.resolve();
    attempt("cover", steps.cover);
    attempt("close", () => steps.close(reason));
    attempt("watch", steps.stopWatching);
    if (steps.isOpen()) {
      steps.giveUp();
      return Promise.resolve();
    }
    if (then) attempt("next page", then);
    // A machine that is about to sleep does not wait: its screen must not wake with what it showed.
    if (reason === "suspend") return replace();
    return steps.pause(DRAWN).then(replace, replace);
  }

  return lock;
}

/** Takes every step, whichever of them fails. */
export function eachOf(
  steps: readonly (() => void)[],
  logUnexpected: (where: string, error: unknown) => string | void,
): void {
  for (const step of steps)
    try {
      step();
    } catch (error) {
      logUnexpected("lock: tidying", error);
    }
}
