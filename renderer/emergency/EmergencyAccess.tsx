import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { Place } from "../../shared/session/session-state";
import { useDraftPlaces } from "../drafts/drafts-of";
import { askBreakGlass, leaveBreakGlass, useAsking } from "./asking";
import { BreakGlassDialog } from "./BreakGlassDialog";
import { EmergencyBar } from "./EmergencyBar";
import { breakGlassPlace } from "./use-break-glass";
import { forgetPatient, noteEndRead, noteOpened, useEmergency } from "./use-emergency";

export interface EmergencyAccessProps {
  readonly role: Role;
  readonly place: Place;
  readonly go: (place: Place) => void;
}

/** Everything of an emergency that is above the pages: the dialog, the red frame with its countdown, and what is said at its end. */
export function EmergencyAccess(props: EmergencyAccessProps) {
  return may(props.role, "break-glass.use") ? <Watched {...props} /> : null;
}

function Watched({ role, place, go }: EmergencyAccessProps) {
  const client = useQueryClient();
  const { open, codeNeeded, endedAway } = useEmergency(role);
  const asking = useAsking();
  const [ended, setEnded] = useState<string | null>(null);
  const patientId = open?.patientId ?? null;

  // What was typed before a lock is in its dialog again. A page that has asked by itself knows what it has.
  const kept = useDraftPlaces().includes(breakGlassPlace);
  const looked = useRef(false);
  useEffect(() => {
    if (asking) looked.current = true;
    if (!kept || looked.current) return;
    looked.current = true;
    askBreakGlass();
  }, [kept, asking]);

  // The chart goes when the access does, by whatever it ended: the hour, the button, another workstation.
  const before = useRef<string | null>(null);
  useEffect(() => {
    const left = before.current;
    before.current = patientId;
    if (patientId !== null) setEnded(null);
    if (left === null || left === patientId) return;
    setEnded(left);
    if (place.patientId === left) go({ area: "ward" });
    forgetPatient(client, left);
  }, [patientId, place.patientId, go, client]);

  // It ended while its person was away from the screen: where they were is a chart that they may not see any more.
  const sayEnded = useEffectEvent((left: string) => {
    setEnded(left);
    if (place.patientId === left) go({ area: "ward" });
    forgetPatient(client, left);
  });
  useEffect(() => {
    if (endedAway !== null) sayEnded(endedAway);
  }, [endedAway]);
  const read = () => {
    setEnded(null);
    if (endedAway !== null) void noteEndRead(client);
  };

  return (
    <>
      <EmergencyBar open={open} ended={ended} go={go} onRead={read} />
      {asking ? (
        <BreakGlassDialog
          patientId={asking.patientId}
          codeNeeded={codeNeeded}
          onClose={leaveBreakGlass}
          onOpened={(emergency) => {
            leaveBreakGlass();
            noteOpened(client, emergency);
            forgetPatient(client, emergency.patientId);
            go({ area: "patient", patientId: emergency.patientId, tab: "overview" });
          }}
        />
      ) : null}
    </>
  );
}
