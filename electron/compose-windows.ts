import { app } from "electron";
import { createEventChannel } from "./ipc/event-channel";
import type { createActivity } from "./session/activity";
import type { Session } from "./session/session";
import { createClipboardGuard } from "./window/clipboard-guard";
import { openPartition } from "./window/partition";
import { servePages } from "./window/protocol";
import { pagesPath, preloadPath, Windows, type WindowsOptions } from "./window/windows";

export interface WindowComposition extends Pick<WindowsOptions, "icon" | "onOurKey" | "takeKey" | "onInput"> {
  readonly session: Session;
  readonly activity: Pick<ReturnType<typeof createActivity>, "look">;
}

/** Builds the one window, what is pushed to its page, and the guard of what is copied in it. */
export async function composeWindows({ session, activity, icon, onOurKey, takeKey, onInput }: WindowComposition) {
  const partition = await openPartition();
  servePages(partition, pagesPath(app.getAppPath()));
  const copied = createClipboardGuard();
  const windows = new Windows({
    partition,
    preload: preloadPath(app.getAppPath()),
    icon,
    onInput,
    onOurKey,
    takeKey,
    onFocus: (focused) => (focused ? copied.focused() : copied.blurred()),
    onCrash: () => showPage(),
  });
  // Asked when the page is shown, not when it was decided: a lock in between wins.
  const showPage = () => void windows.show(session.kind === "locked" ? "lock.html" : "index.html");
  const channel = createEventChannel(() => {
    // Nothing is pushed to a page whose time is over, whatever the timer says.
    activity.look();
    const { page, isCovered } = windows;
    if (!page || isCovered) return undefined;
    return { send: (name, ...values) => page.send(name, ...values) };
  });
  return { windows, copied, showPage, channel };
}
