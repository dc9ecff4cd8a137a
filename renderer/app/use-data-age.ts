import { type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

/** When the oldest of what is on the screen was read, in milliseconds; null when nothing of a chart is. */
export function oldestShown(cache: QueryCache): number | null {
  const moments = cache
    .findAll({ queryKey: ["tool"], type: "active" })
    .map((query) => query.state.dataUpdatedAt)
    .filter((moment) => moment > 0);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** The age of the screen: of the oldest answer that is shown on it. */
export function useDataAge(): number | null {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((changed: () => void) => cache.subscribe(() => queueMicrotask(changed)), [cache]);
  return useSyncExternalStore(subscribe, () => oldestShown(cache));
}
