import { useQuery } from "@tanstack/react-query";
import { may } from "../../shared/access/role-permissions";
import { failureOf } from "../bridge/call";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { Notice } from "../design/Notice";
import { Panel } from "../design/Panel";
import type { ChartTabProps } from "../patient/chart-tab-props";
import { ObservationForm } from "./ObservationForm";

/** The form for a new set, for who may record one; nothing for anybody else. */
export function RecordObservations({ session, place, patientId }: ChartTabProps) {
  const allowed = may(session.person.role, "vital-signs.record");
  const overview = useQuery({ ...toolQuery("get_patient_overview", { patient_id: patientId }), enabled: allowed });
  const frame = useQuery({ ...toolQuery("get_observation_form", { patient_id: patientId }), enabled: allowed });
  if (!allowed || overview.data === undefined) return null;
  const { name } = overview.data;
  return (
    <Panel title="Record observations" aside={`${name}, Patient No. ${patientId}`}>
      {frame.isError && frame.data === undefined ? (
        <Notice
          kind="warning"
          live
          title="score not checked"
          actions={<Button onPress={() => void frame.refetch()}>Retry</Button>}
        >
          {failureOf(frame.error).message} You can save a set all the same.
        </Notice>
      ) : null}
      <ObservationForm
        key={patientId}
        patientId={patientId}
        patientName={name}
        scoring={frame.data ?? null}
        lastScale={frame.data?.spo2_scale}
        autoFocus={place.form === "observations"}
      />
    </Panel>
  );
}
