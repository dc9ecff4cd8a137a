import { useSyncExternalStore } from "react";

/** For which patient emergency access is being asked: the number as far as it is known, null while nobody asks. */
let asking: { readonly patientId: string } | null = null;
const listeners = new Set<() => void>();

function set(next: typeof asking): void {
  asking = next;
  for (const listener of listeners) listener();
}

/** Opens the dialog, from wherever on the screen somebody needs it. Dies with the page. */
export function askBreakGlass(patientId = ""): void {
  set({ patientId });
}

export function leaveBreakGlass(): void {
  set(null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAsking(): typeof asking {
  return useSyncExternalStore(subscribe, () => asking);
}
