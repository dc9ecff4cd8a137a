import { app, powerMonitor } from "electron";

/** Locks when the machine sleeps, wakes, or locks a screen of its own. */
export function watchMachine(lock: (reason: "suspend" | "screen-lock") => void): void {
  powerMonitor.on("suspend", () => lock("suspend"));
  powerMonitor.on("resume", () => lock("suspend"));
  powerMonitor.on("shutdown", () => lock("suspend"));
  powerMonitor.on("lock-screen", () => lock("screen-lock"));
  // Another account of the machine has the screen (macOS, Windows).
  powerMonitor.on("user-did-resign-active", () => lock("screen-lock"));
  // No event tells of a locked screen on Linux; the state does. The change counts: whoever works while the state says
  // "locked" all along (a display with a screen saver of its own) is not locked out every few seconds.
  const isLocked = () => powerMonitor.getSystemIdleState(3600) === "locked";
  let was = isLocked();
  setInterval(() => {
    const now = isLocked();
    if (now && !was) lock("screen-lock");
    was = now;
  }, 5000).unref();
}

/** Holds the end of the app until `tidy` is through; a second wish to quit meanwhile ends it at once. */
export function tidyBeforeQuit(tidy: () => Promise<unknown>): void {
  let tidied = false;
  app.on("before-quit", (event) => {
    if (tidied) return;
    event.preventDefault();
    tidied = true;
    void tidy()
      .catch(() => undefined)
      .finally(() => app.quit());
  });
}
