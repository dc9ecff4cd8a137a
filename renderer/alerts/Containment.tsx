import { useMutation } from "@tanstack/react-query";
import { Ban, LogOut } from "lucide-react";
import type { Alert } from "../../shared/alerts/alert";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { containmentReason } from "./alert-words";

export interface ContainmentProps {
  readonly alert: Alert;
  readonly describedBy: string;
  readonly onContained: () => void;
}

/** Stops what an alert is about by one press: the session ends at once, or the account with all its sessions. */
export function Containment({ alert, describedBy, onContained }: ContainmentProps) {
  const { staff_id: staffId, session_id: sessionId } = alert;
  const reason = containmentReason(alert);
  const end = useMutation({
    mutationFn: () =>
      call("people.endSessions", {
        staffId: staffId as string,
        reason,
        ...(sessionId && alert.session_open ? { sessionId } : {}),
      }),
    onSuccess: onContained,
  });
  const disable = useMutation({
    mutationFn: () => call("people.disable", { staffId: staffId as string, reason }),
    onSuccess: onContained,
  });
  const enable = useMutation({
    mutationFn: () => call("people.enable", { staffId: staffId as string }),
    onSuccess: onContained,
  });
  if (staffId === null) return null;
  const busy = end.isPending || disable.isPending || enable.isPending;
  const failed = end.error ?? disable.error ?? enable.error;
  return (
    <>
      <Button isDisabled={busy || alert.staff_disabled} onPress={() => end.mutate()} aria-describedby={describedBy}>
        <LogOut aria-hidden size={16} /> {sessionId && alert.session_open ? "End this session" : "End all sessions"}
      </Button>
      {alert.staff_disabled ? (
        <Button isDisabled={busy} onPress={() => enable.mutate()} aria-describedby={describedBy}>
          Enable the account again
        </Button>
      ) : (
        <Button variant="danger" isDisabled={busy} onPress={() => disable.mutate()} aria-describedby={describedBy}>
          <Ban aria-hidden size={16} /> Disable the account
        </Button>
      )}
      <span role="status">
        {end.data ? (end.data.ended === 1 ? "1 session ended" : `${end.data.ended} sessions ended`) : ""}
      </span>
      {failed ? <ErrorState failure={failureOf(failed)} title="not stopped" /> : null}
    </>
  );
}
