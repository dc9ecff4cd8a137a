import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { patientNumberSchema } from "../../shared/clinical/identifiers";
import { isFailure } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { toolQuery } from "../bridge/ward-query";
import { useSettled } from "../design/use-settled";
import { useDraft } from "../drafts/use-draft";
import { bedsOf, type FreeBed } from "./free-beds";

export interface AdmissionOptions {
  readonly patientId: string;
  readonly onPatientId: (patientId: string) => void;
  readonly beds: readonly FreeBed[];
  readonly form: RefObject<HTMLFormElement | null>;
}

/** Milliseconds without a key after which the number is looked up. */
const SETTLED = 400;

/** An admission while it is typed: whom and where to, what is kept of it, and its sending. */
export function useAdmission({ patientId, onPatientId, beds, form }: AdmissionOptions) {
  const client = useQueryClient();
  const [ward, setWard] = useState<string | null>(null);
  const [bed, setBed] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  /** One number a form: pressed twice, or sent again after a lost answer, it is still one admission. */
  const [submission, setSubmission] = useState(() => crypto.randomUUID());
  const parsed = patientNumberSchema.safeParse(patientId);
  const number = parsed.success ? parsed.data : null;
  const settled = useSettled(number ?? "", SETTLED);
  const overview = useQuery({ ...toolQuery("get_patient_overview", { patient_id: settled }), enabled: settled !== "" });
  const admit = useMutation({
    mutationFn: (given: { patient_id: string; ward: string; bed: string }) =>
      call("patients.admit", { submission, reason, ...given }),
    onSuccess: () => {
      draft.settle();
      setSubmission(crypto.randomUUID());
      setBed(null);
      setReason("");
      void client.invalidateQueries({ queryKey: ["command", "beds.free"] });
      void client.invalidateQueries({ queryKey: ["tool"] });
    },
    onError: (error) => {
      if (isFailure(error, "BED_TAKEN")) {
        setBed(null);
        void client.invalidateQueries({ queryKey: ["command", "beds.free"] });
      }
    },
  });
  const draft = useDraft({
    place: "admission",
    version: 1,
    fields: { patient_id: patientId, ward: ward ?? "", bed: bed ?? "", reason },
    restore: (fields) => {
      onPatientId(fields["patient_id"] ?? "");
      setWard(fields["ward"] || null);
      setBed(fields["bed"] || null);
      setReason(fields["reason"] ?? "");
    },
    form,
    held: admit.isPending,
  });

  const found = number !== null && overview.data?.patient_id === number ? overview.data : null;
  // A bed that went to somebody else is no choice any more.
  const free = ward === null ? [] : bedsOf(beds, ward);
  const chosen = bed !== null && free.includes(bed) ? bed : null;
  const change = (work: () => void) => {
    admit.reset();
    // What is sent now is another admission than the one that failed.
    setSubmission(crypto.randomUUID());
    work();
  };
  return {
    draft,
    /** Null while what is typed is no patient number. */
    number,
    /** Whose number it is, where somebody has it. */
    found,
    lookupError: settled !== "" && overview.isError ? overview.error : null,
    ward,
    free,
    bed: chosen,
    reason,
    isSending: admit.isPending,
    error: admit.error,
    admitted: admit.data,
    setPatientId: (value: string) => change(() => onPatientId(value)),
    setWard: (value: string) =>
      change(() => {
        setWard(value);
        setBed(null);
      }),
    setBed: (value: string) => change(() => setBed(value)),
    setReason: (value: string) => change(() => setReason(value)),
    send: () => {
      if (found && ward && chosen && !admit.isPending)
        admit.mutate({ patient_id: found.patient_id, ward, bed: chosen });
    },
  };
}
