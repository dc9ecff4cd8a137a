import type { Input } from "electron";

/** What the main process does with a key before any page sees it. */
export type OurKey = "lock" | "switch-user";

/** Ctrl+L locks; Ctrl+Shift+L locks and goes on to somebody else's sign-in. On a Mac it is Command. */
export function ourKey(input: Pick<Input, "type" | "key" | "control" | "meta" | "shift" | "alt">): OurKey | undefined {
  if (input.type !== "keyDown" || !(input.control || input.meta) || input.alt || input.key.toLowerCase() !== "l")
    return undefined;
  return input.shift ? "switch-user" : "lock";
}
