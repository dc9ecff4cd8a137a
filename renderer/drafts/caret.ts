import type { RefObject } from "react";
import type { DraftCaret } from "../../shared/drafts/draft";

type Field = HTMLInputElement | HTMLTextAreaElement;

function isField(element: Element | null): element is Field {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

/** Where the caret stands in a form whose fields bear names; null while the keyboard is elsewhere. */
export function readCaret(form: HTMLElement | null): DraftCaret | null {
  const element = document.activeElement;
  if (!form?.contains(element) || !isField(element) || element.name === "") return null;
  return {
    field: element.name,
    start: element.selectionStart,
    end: element.selectionEnd,
    direction: element.selectionDirection ?? "none",
    scroll: Math.max(0, Math.round(element.scrollTop)),
    focused: true,
  };
}

/** Whether the keyboard is nowhere in particular, so that a form that comes back may have it. */
function isFree(form: HTMLElement): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.localName === "main" || form.contains(active);
}

/**
 * Puts the caret back where it stood; answers false while the field is not there yet. The keyboard goes along only where it
 * was in the field before and is nowhere else by now.
 */
export function restoreCaret(form: HTMLElement, caret: DraftCaret): boolean {
  const field = [...form.querySelectorAll("input, textarea")].find(
    (element): element is Field => isField(element) && element.name === caret.field,
  );
  if (!field) return false;
  if (caret.focused && isFree(form)) field.focus({ preventScroll: false });
  // A date and a number have no caret that a page could set.
  if (caret.start !== null && caret.end !== null && field.selectionStart !== null)
    field.setSelectionRange(caret.start, caret.end, caret.direction);
  field.scrollTop = caret.scroll;
  return true;
}

const heard = ["selectionchange", "focusin", "focusout", "scroll"] as const;

/** Hears whenever the caret in a form may have moved, come or gone; the answer ends it. */
export function onCaret(form: RefObject<HTMLElement | null>, moved: () => void): () => void {
  const listen = (event: Event) => {
    // A page that scrolls elsewhere is no news of this form.
    if (event.type === "scroll" && !(event.target instanceof Node && form.current?.contains(event.target))) return;
    moved();
  };
  for (const name of heard) document.addEventListener(name, listen, { capture: true, passive: true });
  return () => {
    for (const name of heard) document.removeEventListener(name, listen, { capture: true });
  };
}
