import { useSyncExternalStore } from "react";

/** The page's only look at the machine's clock, in milliseconds; everything else is handed a moment. */
export function nowMilliseconds(): number {
  return Date.now();
}

const listeners = new Set<() => void>();
let minute = nowMilliseconds();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  minute = nowMilliseconds();
  timer ??= setInterval(() => {
    minute = nowMilliseconds();
    for (const each of listeners) each();
  }, 15_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present moment, renewed four times a minute; one timer serves every age on the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => minute);
}
