import type { UpdateView } from "../../shared/workstation/updates";

/** How far an update is, in a word or two. */
export const updateStates: Readonly<Record<UpdateView["state"], string>> = {
  off: "Off",
  idle: "On, not asked yet",
  checking: "Asking the feed",
  current: "Up to date",
  downloading: "Downloading",
  ready: "Downloaded and checked",
  refused: "Refused",
  failed: "Failed",
  installed: "Installed, starts at the next sign-out",
};

/** `Version 1.2.0 has been installed.`, or null while there is nothing to start. */
export function installedWords(view: UpdateView): string | null {
  if (view.state !== "installed") return null;
  return view.offered === null ? "A newer version has been installed." : `Version ${view.offered} has been installed.`;
}
