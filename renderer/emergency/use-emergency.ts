import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { Emergency } from "../../shared/emergency/break-glass";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { nowMilliseconds } from "../design/clock";
import { usePulse } from "../session/use-pulse";

const stateQuery = commandQuery("emergency.state", {});

export interface OpenEmergency {
  readonly patientId: string;
  readonly secondsLeft: number;
}

export interface EmergencyAtHand {
  /** Null where nothing is open, and from the last second on, whatever was last heard. */
  readonly open: OpenEmergency | null;
  readonly codeNeeded: boolean;
  /** The patient whose emergency ended while its person was away from the screen, until they have read so. */
  readonly endedAway: string | null;
}

/** Milliseconds between two looks at the database's own countdown while a chart is open. */
const LOOK_AGAIN = 30_000;

/** The chart that is open in an emergency, counted down from what the database said. Roles without emergency access ask nothing. */
export function useEmergency(role: Role): EmergencyAtHand {
  const client = useQueryClient();
  const allowed = may(role, "break-glass.use");
  const query = useQuery({
    ...stateQuery,
    enabled: allowed,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.data?.emergency ? LOOK_AGAIN : false),
  });
  const { breakGlass, emergencyEnded } = usePulse();
  const heard = breakGlass?.patientId ?? null;
  useEffect(() => {
    const known = client.getQueryData(stateQuery.queryKey)?.emergency?.patientId ?? null;
    if (allowed && heard !== known) void client.invalidateQueries({ queryKey: stateQuery.queryKey });
  }, [heard, allowed, client]);
  const emergency = query.data?.emergency ?? null;
  const secondsLeft = useSecondsLeft(emergency === null ? null : query.dataUpdatedAt + emergency.secondsLeft * 1000);
  return {
    open: emergency === null || secondsLeft <= 0 ? null : { patientId: emergency.patientId, secondsLeft },
    codeNeeded: query.data?.codeNeeded ?? false,
    endedAway: emergencyEnded ?? null,
  };
}

/** Whole seconds until a moment, renewed four times a second while there is one. */
function useSecondsLeft(until: number | null): number {
  const [now, setNow] = useState(nowMilliseconds);
  useEffect(() => {
    if (until === null) return;
    setNow(nowMilliseconds());
    const timer = setInterval(() => setNow(nowMilliseconds()), 250);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}

/** What the page holds of one patient goes, and what lists patients is read again. */
export function forgetPatient(client: QueryClient, patientId: string): void {
  client.removeQueries({
    queryKey: ["tool"],
    predicate: ({ queryKey }) => (queryKey[2] as { patient_id?: unknown } | undefined)?.patient_id === patientId,
  });
  void client.invalidateQueries({ queryKey: ["tool"] });
}

/** Right after it was opened, so that the frame is there before the chart is. */
export function noteOpened(client: QueryClient, emergency: Emergency): void {
  client.setQueryData(stateQuery.queryKey, (before) => ({ codeNeeded: before?.codeNeeded ?? false, emergency }));
}

export function noteEnded(client: QueryClient): void {
  client.setQueryData(stateQuery.queryKey, (before) => ({ codeNeeded: before?.codeNeeded ?? false, emergency: null }));
}

/** The person has read it: it is not told again after the next lock. */
export async function noteEndRead(client: QueryClient): Promise<void> {
  await call("emergency.endRead", {}).catch(() => undefined);
  await client.invalidateQueries({ queryKey: commandQuery("session.pulse", {}).queryKey });
}
