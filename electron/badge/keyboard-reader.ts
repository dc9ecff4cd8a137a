import type { BadgeReader } from "./reader";

/** A key as the main process sees it before any page does. */
export interface Key {
  readonly type: string;
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  readonly isAutoRepeat: boolean;
}

/** What a person typed and the page did not get yet: text, or a key that writes none, by the name Chromium's input has for it. */
export type Stroke = { readonly kind: "text"; readonly text: string } | { readonly kind: "key"; readonly key: string };

export interface KeyboardReaderOptions {
  /** What the reader is set up to send before every badge, e.g. `;`. Without it typing could be taken for a badge. */
  readonly prefix: string;
  /** Milliseconds that no setting of the clock changes. */
  readonly monotonic: () => number;
  /** Gives the page what was held back and is no badge. The keys that this presses come by here again before it returns. */
  readonly type: (stroke: Stroke) => Promise<void>;
}

/** Milliseconds between two keys of a reader at the most. Readers send one every 1 to 20; nobody types six in a row so fast. */
export const GAP = 50;
const LEAST = 4;
const MOST = 64;
/** What a badge's number is made of. */
const signs = /^[0-9A-Za-z=:+/-]$/u;
const modifiers: ReadonlySet<string> = new Set(["Shift", "CapsLock", "AltGraph", "Control", "Alt", "Meta"]);
const named: Readonly<Record<string, string>> = {
  Enter: "Return",
  Return: "Return",
  Tab: "Tab",
  Backspace: "Backspace",
  Delete: "Delete",
  Escape: "Escape",
  ArrowLeft: "Left",
  ArrowRight: "Right",
  Home: "Home",
  End: "End",
};

/** Control and Alt together are AltGr, which writes; one of them alone is a command. */
const isText = ({ key, control, alt, meta }: Key) => Array.from(key).length === 1 && control === alt && !meta;

function keyStroke({ key, control, alt, meta }: Key): Stroke | undefined {
  const name = named[key];
  return name === undefined || control || alt || meta ? undefined : { kind: "key", key: name };
}

/**
 * A reader that types ("keyboard wedge"): prefix, number, Enter, faster than hands. From the prefix on keys are held back
 * from the page; a badge never reaches a field, and what was none is typed into the page after all, in its order and at most
 * `GAP` milliseconds late.
 */
export function createKeyboardReader(options: KeyboardReaderOptions): BadgeReader & {
  /** True when the key was taken from the page. */
  take(key: Key): boolean;
  /** Forgets what is half read: another page is shown. */
  reset(): void;
} {
  const listeners: ((badge: Buffer) => void)[] = [];
  const prefix = Array.from(options.prefix);
  let held: string[] = [];
  let last = 0;
  let late: NodeJS.Timeout | undefined;
  /** While held text is on its way into the page, what comes after it waits its turn. */
  let typing: Promise<void> | undefined;
  let queue: Stroke[] = [];
  let ours = false;

  const fits = () => held.every((sign, at) => (at < prefix.length ? sign === prefix[at] : signs.test(sign)));

  function give(...strokes: Stroke[]): void {
    queue.push(...strokes);
    typing ??= drain();
  }
  async function drain(): Promise<void> {
    // Not within the event of the key that ended the reading.
    await Promise.resolve();
    for (let stroke = queue.shift(); stroke; stroke = queue.shift()) {
      ours = true;
      const typed = options.type(stroke);
      ours = false;
      await typed.catch(() => undefined);
    }
    typing = undefined;
  }

  function release(): void {
    clearTimeout(late);
    late = undefined;
    const text = held.join("");
    held = [];
    if (text !== "") give({ kind: "text", text });
  }

  function finish(): void {
    clearTimeout(late);
    late = undefined;
    const badge = Buffer.from(held.slice(prefix.length).join(""), "latin1");
    held = [];
    for (const listener of listeners) listener(Buffer.from(badge));
    badge.fill(0);
  }

  return {
    onRead: (listener) => void listeners.push(listener),
    reset: () => {
      clearTimeout(late);
      late = undefined;
      held = [];
      queue = [];
    },
    take(key) {
      // What is typed for the person is not read again; Shift comes between a reader's capital letters.
      if (ours || key.type !== "keyDown" || modifiers.has(key.key)) return false;
      const now = options.monotonic();
      const quick = now - last <= GAP;
      last = now;
      if (held.length > 0 && !quick) release();
      const text = isText(key);
      if (text && !key.isAutoRepeat && held.length < prefix.length + MOST) {
        held.push(key.key);
        if (fits()) {
          clearTimeout(late);
          late = setTimeout(release, GAP);
          return true;
        }
        held.pop();
      }
      if (named[key.key] === "Return" && held.length - prefix.length >= LEAST) {
        finish();
        return true;
      }
      release();
      const stroke = text ? { kind: "text" as const, text: key.key } : keyStroke(key);
      // Nothing is before it on the way to the page, or it can only be pressed by hand.
      if (typing === undefined || stroke === undefined) return false;
      give(stroke);
      return true;
    },
  };
}
