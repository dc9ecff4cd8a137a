import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Pulse } from "../../shared/session/pulse";
import { useWardEvent } from "../bridge/use-ward-event";
import { commandQuery } from "../bridge/ward-query";

const pulseQuery = commandQuery("session.pulse", {});
const nothing: Pulse = { alerts: 0, reviews: 0, breakGlass: null };

/** What the database last said of the own session: alerts and reviews that wait, and a chart that is open in an emergency. */
export function usePulse(): Pulse {
  const client = useQueryClient();
  const pulse = useQuery({ ...pulseQuery, staleTime: Number.POSITIVE_INFINITY });
  useWardEvent("session.pulse", () => void client.invalidateQueries({ queryKey: pulseQuery.queryKey }));
  return pulse.data ?? nothing;
}
