import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { failureOf } from "../bridge/bridge-failure";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { Link } from "../design/Link";
import { Notice } from "../design/Notice";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import { DraftLine } from "../drafts/DraftLine";
import { AdmissionOf } from "./AdmissionOf";
import styles from "./AdmitPanel.module.css";
import { type FreeBed, wardsWithBeds } from "./free-beds";
import { useAdmission } from "./use-admission";

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
  const form = useRef<HTMLFormElement>(null);
  const admission = useAdmission({ patientId, onPatientId, beds, form });
  const { number, found, ward, admitted } = admission;
  if (beds.length === 0 && !admitted)
    return <Notice kind="info">No bed is free on any ward. A discharge or another bed comes first.</Notice>;
  return (
    <form
      ref={form}
      aria-label="Admit to a bed"
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        admission.send();
      }}
    >
      <DraftLine draft={admission.draft} />
      <div className={styles.fields}>
        <TextField
          name="patient_id"
          label="Patient number"
          value={patientId}
          onChange={admission.setPatientId}
          maxLength={12}
          error={
            patientId.trim().length > 2 && number === null
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
          onChange={admission.setWard}
        />
        <Select
          label="Bed"
          placeholder={ward === null ? "Choose the ward first" : "Choose a bed"}
          value={admission.bed}
          isDisabled={ward === null}
          options={admission.free.map((each) => ({ value: each, label: each }))}
          onChange={admission.setBed}
        />
        <TextField
          name="reason"
          label="Reason"
          value={admission.reason}
          onChange={admission.setReason}
          maxLength={200}
        />
      </div>
      <AdmissionOf number={number ?? ""} found={found} error={admission.lookupError} />
      {admission.error ? <ErrorState failure={failureOf(admission.error)} title="not admitted" /> : null}
      {admitted ? (
        <Notice kind="info" live title="admitted">
          {`${admitted.patient_id} to ward ${admitted.ward}, bed ${admitted.bed}, ${formatMoment(admitted.admitted_at)}. `}
          <Link onPress={() => onOpenChart(admitted.patient_id)}>Open the chart</Link>
        </Notice>
      ) : null}
      <div>
        <Button
          variant="primary"
          type="submit"
          isDisabled={!found || admission.bed === null || admission.isSending || Boolean(found.ward)}
        >
          {found ? `Admit ${found.name}` : "Admit"}
        </Button>
      </div>
    </form>
  );
}
