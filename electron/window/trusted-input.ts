import type { InputEvent, MouseInputEvent } from "electron";

const kinds: ReadonlySet<string> = new Set([
  "mouseDown",
  "mouseUp",
  "mouseWheel",
  "rawKeyDown",
  "keyDown",
  "keyUp",
  "char",
  "touchStart",
  "touchMove",
]);

/**
 * Judges input that Chromium delivers to a page; what a script dispatches inside the page never comes by there. A pointer
 * that lies still over moving content also sends moves: only a new place counts.
 */
export function isTrustedInput(): (input: InputEvent) => boolean {
  let last = "";
  return (input) => {
    if (input.type !== "mouseMove") return kinds.has(input.type);
    const pointer = input as MouseInputEvent;
    const place = `${pointer.globalX ?? pointer.x},${pointer.globalY ?? pointer.y}`;
    const moved = place !== last;
    last = place;
    return moved;
  };
}
