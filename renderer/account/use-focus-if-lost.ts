import { type RefObject, useEffect } from "react";

/**
 * Gives the focus to an element when `words` appear and nothing else has it: the button that opened a dialog is often gone
 * with what the dialog changed, and the next key must not act nowhere.
 */
export function useFocusIfLost(element: RefObject<HTMLElement | null>, words: string): void {
  useEffect(() => {
    if (words === "") return;
    // The dialog gives the focus back a frame after it closed, where it still can.
    let second = 0;
    const first = requestAnimationFrame(() => {
      second = requestAnimationFrame(() => {
        const focused = document.activeElement;
        if (focused === null || focused === document.body) element.current?.focus({ preventScroll: true });
      });
    });
    return () => {
      cancelAnimationFrame(first);
      cancelAnimationFrame(second);
    };
  }, [element, words]);
}
