import { createHash } from "node:crypto";
import { clipboard } from "electron";

/** One place that holds copied text: the clipboard, and on an X11 desktop also what was selected last. */
interface Holder {
  read(): Promise<string>;
  clear(): void;
}

/** The runtimes of before 2026 read at once and name the selection by an argument. */
type OlderClipboard = { readText(type?: "selection"): string; clear(type?: "selection"): void };

function holders(): Holder[] {
  const older = clipboard as unknown as OlderClipboard;
  const board: Holder = { read: async () => clipboard.readText(), clear: () => clipboard.clear() };
  if (process.platform !== "linux") return [board];
  const selection: Holder = clipboard.selection
    ? { read: async () => clipboard.selection.readText(), clear: () => clipboard.selection.clear() }
    : { read: async () => older.readText("selection"), clear: () => older.clear("selection") };
  return [board, selection];
}

/** Only fingerprints are kept: what somebody copied elsewhere is none of our business. */
const fingerprint = (text: string) => createHash("sha256").update(text).digest("base64");

/**
 * Knows which text on the clipboard was copied in our window, and takes that, and nothing else, away when the workstation
 * locks or the person leaves: what another program put there stays.
 */
export function createClipboardGuard() {
  const watched = holders().map((holder) => ({ holder, before: null as string | null, ours: null as string | null }));
  let last: Promise<void> = Promise.resolve();

  /** One after the other, so that each look is compared with the one before it. A desktop without a clipboard is no fault. */
  function look(then: (place: (typeof watched)[number], print: string) => void): void {
    last = last.then(async () => {
      for (const place of watched) {
        const print = fingerprint(await place.holder.read());
        // What changed while our window had the keyboard was copied or selected in it.
        if (place.before !== null && place.before !== print) place.ours = print;
        then(place, print);
      }
    });
    last = last.catch(() => undefined);
  }

  return {
    /** Our window has the keyboard from now on. */
    focused: () =>
      look((place, print) => {
        place.before = print;
      }),
    /** Another program may have it from now on. */
    blurred: () =>
      look((place) => {
        place.before = null;
      }),
    clear: () =>
      look((place, print) => {
        if (print === place.ours) place.holder.clear();
        place.before = null;
        place.ours = null;
      }),
  };
}
