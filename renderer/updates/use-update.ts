import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useWardEvent } from "../bridge/use-ward-event";
import { commandQuery } from "../bridge/ward-query";

/** How far an update of the app is; kept up to date by what the main process announces. */
export function useUpdate() {
  const client = useQueryClient();
  const shown = commandQuery("updates.view", {});
  useWardEvent("updates.changed", (view) => client.setQueryData(shown.queryKey, view));
  return useQuery({ ...shown, staleTime: Number.POSITIVE_INFINITY });
}
