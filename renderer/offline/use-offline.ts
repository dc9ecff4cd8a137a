import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { OfflineState } from "../../shared/offline/offline-state";
import { useWardEvent } from "../bridge/use-ward-event";
import { commandQuery } from "../bridge/ward-query";

const stateQuery = commandQuery("offline.state", {});

/** What this workstation knows of the network; undefined until it was asked. */
export function useOffline(): OfflineState | undefined {
  return useQuery({ ...stateQuery, staleTime: Number.POSITIVE_INFINITY }).data;
}

/** Keeps it up to date, in one place of the window; reads everything anew when the database's session goes on. */
export function useOfflineNews(): OfflineState | undefined {
  const client = useQueryClient();
  const state = useOffline();
  useWardEvent("offline.changed", (next) => {
    const before = client.getQueryData(stateQuery.queryKey);
    client.setQueryData(stateQuery.queryKey, next);
    if (before?.waiting !== next.waiting || before?.attention !== next.attention)
      for (const name of ["attention.local", "attention.count", "offline.waiting"])
        void client.invalidateQueries({ queryKey: ["command", name] });
    if (before?.session === next.session && (before?.awaySince === null) === (next.awaySince === null)) return;
    void client.invalidateQueries({ queryKey: ["command", "session.current"] });
    if (next.awaySince === null) void client.invalidateQueries({ queryKey: ["tool"] });
  });
  return state;
}
