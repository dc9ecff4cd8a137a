import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { patientNumberSchema } from "../../shared/clinical/identifiers";
import { failureOf, isFailure } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { commandQuery, toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { Link } from "../design/Link";
import { Notice } from "../design/Notice";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import { useSettled } from "../design/use-settled";
import { DraftLine } from "../drafts/DraftLine";
import { useDraft } from "../drafts/use-draft";
import { AdmissionOf } from "./AdmissionOf";
import styles from "./AdmitPanel.module.css";
import { bedsOf, type FreeBed, wardsWithBeds } from "./free-beds";

export interface AdmitPanelProps {
  /** The patient number, kept by the page so that an import's report can fill it in. */
  readonly patientId: string;
  readonly onPatientId: (patientId: string) => void;
  readonly onOpenChart: (patientId: string) => void;
}

/** Admits a patient to a free bed; the name is shown before anything is written. */
export function AdmitPanel(props: AdmitPanelProps) {
  // The beds change under one's hands: never answered from what was read a while ago.
  const beds = useQuery({ ...commandQuery("beds.free", {}), staleTime: 0 });
  return (
    <Panel title="Admit to a bed">
      <QueryView query={beds} label="Looking for free beds" rows={4}>
        {(data) => <AdmitForm {...props} beds={data.beds} />}
      </QueryView>
    </Panel>
  );
}

function AdmitForm({
  patientId,
  onPatientId,
  onOpenChart,
  beds,
}: AdmitPanelProps & { readonly beds: readonly FreeBed[] }) {
  const client = useQueryClient();
  const [ward, setWard] = useState<string | null>(null);
  const [bed, setBed] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  /** One number a form: pressed twice, or sent again after a lost answer, it is still one admission. */
  const [submission, setSubmission] = useState(() => crypto.randomUUID());
  const number = patientNumberSchema.safeParse(patientId);
  const settled = useSettled(number.success ? number.data : "", 400);
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

  const form = useRef<HTMLFormElement>(null);
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

  const found = number.success && overview.data?.patient_id === number.data ? overview.data : null;
  // A bed that went to somebody else is no choice any more.
  const free = ward === null ? [] : bedsOf(beds, ward);
  const chosen = bed !== null && free.includes(bed) ? bed : null;
  const change = (work: () => void) => {
    admit.reset();
    // What is sent now is another admission than the one that failed.
    setSubmission(crypto.randomUUID());
    work();
  };
  if (beds.length === 0 && !admit.data)
    return <Notice kind="info">No bed is free on any ward. A discharge or another bed comes first.</Notice>;
  return (
    <form
      ref={form}
      aria-label="Admit to a bed"
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (found && ward && chosen && !admit.isPending)
          admit.mutate({ patient_id: found.patient_id, ward, bed: chosen });
      }}
    >
      <DraftLine draft={draft} />
      <div className={styles.fields}>
        <TextField
          name="patient_id"
          label="Patient number"
          value={patientId}
          onChange={(value) => change(() => onPatientId(value))}
          maxLength={12}
          error={
            patientId.trim().length > 2 && !number.success
              ? "A patient number has 3 to 12 letters and digits, such as FCE57."
              : null
          }
        />
        <Select
          label="Ward"
          placeholder="Choose a ward"
          value={ward}
          options={wardsWithBeds(beds).map((each) => ({
            value: each.ward,
            label: `${each.wardName} (${each.free} free)`,
          }))}
          onChange={(value) =>
            change(() => {
              setWard(value);
              setBed(null);
            })
          }
        />
        <Select
          label="Bed"
          placeholder={ward === null ? "Choose the ward first" : "Choose a bed"}
          value={chosen}
          isDisabled={ward === null}
          options={free.map((each) => ({ value: each, label: each }))}
          onChange={(value) => change(() => setBed(value))}
        />
        <TextField
          name="reason"
          label="Reason"
          value={reason}
          onChange={(value) => change(() => setReason(value))}
          maxLength={200}
        />
      </div>
      <AdmissionOf
        number={number.success ? number.data : ""}
        found={found}
        error={settled !== "" && overview.isError ? overview.error : null}
      />
      {admit.error ? <ErrorState failure={failureOf(admit.error)} title="not admitted" /> : null}
      {admit.data ? (
        <Notice kind="info" live title="admitted">
          {`${admit.data.patient_id} to ward ${admit.data.ward}, bed ${admit.data.bed}, ${formatMoment(admit.data.admitted_at)}. `}
          <Link onPress={() => onOpenChart(admit.data.patient_id)}>Open the chart</Link>
        </Notice>
      ) : null}
      <div>
        <Button
          variant="primary"
          type="submit"
          isDisabled={!found || chosen === null || admit.isPending || Boolean(found.ward)}
        >
          {found ? `Admit ${found.name}` : "Admit"}
        </Button>
      </div>
    </form>
  );
}
