import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { revealReasons } from "../../shared/ipc/tool-commands";
import { call, failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { Select } from "../design/Select";
import type { Revealable } from "./identity-fields";

type Reason = (typeof revealReasons)[number];
const options = revealReasons.map((reason) => ({ value: reason, label: reason }));

export interface RevealDialogProps {
  readonly asking: { readonly field: Revealable; readonly label: string } | null;
  readonly patientId: string;
  readonly onClose: () => void;
  readonly onRevealed: (value: string | null) => void;
}

/** Asks why a masked field is needed before it is fetched; the reason goes into the audit. */
export function RevealDialog({ asking, patientId, onClose, onRevealed }: RevealDialogProps) {
  const [reason, setReason] = useState<Reason | null>(null);
  const reveal = useMutation({
    mutationFn: (by: { field: Revealable; reason: Reason }) =>
      call("identity.reveal", { patient_id: patientId, ...by }),
    gcTime: 0,
  });
  const clear = () => {
    setReason(null);
    // The value lives on the screen for a minute and nowhere else: not in this mutation either.
    reveal.reset();
  };
  const close = () => {
    clear();
    onClose();
  };
  const ask = () => {
    if (!asking || !reason) return;
    reveal.mutate(
      { field: asking.field, reason },
      {
        onSuccess: ({ value }) => {
          onRevealed(value);
          clear();
        },
      },
    );
  };
  return (
    <Dialog
      title="Reveal"
      isOpen={asking !== null}
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button variant="primary" isDisabled={reason === null || reveal.isPending} onPress={ask}>
            Reveal
          </Button>
        </>
      }
    >
      <p>
        {asking?.label} of patient {patientId} is shown for one minute. Who, when and why is recorded.
      </p>
      <Select label="Reason" placeholder="Choose a reason" options={options} value={reason} onChange={setReason} />
      {reveal.isError ? <ErrorState failure={failureOf(reveal.error)} /> : null}
    </Dialog>
  );
}
