import { useEffect, useEffectEvent } from "react";

/** What each shortcut does; a key such as `Ctrl+J`, `Ctrl+Shift+L`, `Alt+1`, `F5`, `?`. */
export type KeyMap = Readonly<Record<string, () => void>>;

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const control = event.ctrlKey || event.metaKey;
  // Shift by itself only makes another letter of a key.
  return `${control ? "Ctrl+" : ""}${control && event.shiftKey ? "Shift+" : ""}${event.altKey ? "Alt+" : ""}${key}`;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Shortcuts of the whole window. A key without Ctrl or Alt counts only while nobody types, save the function keys. */
export function useKeys(keys: KeyMap): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const act = keys[nameOf(event)];
    if (act === undefined || event.defaultPrevented) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/u.test(event.key);
    if (plain && isTyping(event.target)) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}
