import { useQuery } from "@tanstack/react-query";
import type { Medication } from "../../shared/clinical/chart";
import { toolQuery } from "../bridge/ward-query";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatDay } from "../design/format";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { AllergyPanel } from "../patient/AllergyPanel";
import type { ChartTabProps } from "../patient/chart-tab-props";
import styles from "./MedicationsTab.module.css";
import { MedicationText } from "./MedicationText";

/** The medicines, those that are given now first, with the allergies beside them. */
export function MedicationsTab({ patientId, itemId, session }: ChartTabProps) {
  const query = useQuery(toolQuery("get_medications", { patient_id: patientId }));
  return (
    <div className={styles.sides}>
      <div className={styles.lists}>
        <QueryView
          query={query}
          label="Loading the medicines"
          isEmpty={(answer) => answer.medications.length === 0}
          empty={
            <EmptyState title="No medicines recorded">
              Nothing was ever prescribed here. That is no check that none is taken.
            </EmptyState>
          }
        >
          {({ medications }) => <Lists medications={medications} itemId={itemId} />}
        </QueryView>
      </div>
      <AllergyPanel role={session.person.role} patientId={patientId} />
    </div>
  );
}

function Lists({
  medications,
  itemId,
}: {
  readonly medications: readonly Medication[];
  readonly itemId: string | undefined;
}) {
  const current = medications.filter(({ status }) => status === "active" || status === "on-hold");
  const past = medications.filter((medication) => !current.includes(medication));
  return (
    <>
      <Panel title="Current medicines" aside={`${current.length}`}>
        <DataTable
          label="Current medicines"
          columns={[...line, ...times, ...state, started, prescriber]}
          rows={current}
          rowKey={(medication) => medication.id}
          highlightedKey={itemId}
          empty={<EmptyState title="No medicine is active" />}
        />
      </Panel>
      {past.length > 0 ? (
        <Panel title="Earlier medicines" aside={`${past.length}`}>
          <DataTable
            label="Earlier medicines"
            columns={[...line, ...state, started, stopped, prescriber]}
            rows={past}
            rowKey={(medication) => medication.id}
            highlightedKey={itemId}
          />
        </Panel>
      ) : null}
    </>
  );
}

const statusWords: Readonly<Record<Medication["status"], string>> = {
  active: "Active",
  "on-hold": "On hold",
  completed: "Completed",
  stopped: "Stopped",
  cancelled: "Cancelled",
  unknown: "Status not known",
};

function dueWords(medication: Medication): string {
  if (medication.due_times.length > 0) return medication.due_times.join(", ");
  return medication.as_needed ? "As needed" : "No times set";
}

const line: Column<Medication>[] = [
  {
    id: "line",
    header: "Medicine",
    isRowHeader: true,
    wrap: true,
    cell: (medication) => <MedicationText medication={medication} />,
  },
];
const times: Column<Medication>[] = [{ id: "times", header: "Due at", cell: dueWords }];
const state: Column<Medication>[] = [
  { id: "status", header: "Status", cell: (medication) => statusWords[medication.status] },
];
const started: Column<Medication> = {
  id: "started",
  header: "Started",
  sortBy: (medication) => medication.started_on,
  cell: (medication) => (medication.started_on ? formatDay(medication.started_on) : "Not recorded"),
};
const stopped: Column<Medication> = {
  id: "stopped",
  header: "Stopped",
  sortBy: (medication) => medication.stopped_on,
  cell: (medication) => (medication.stopped_on ? formatDay(medication.stopped_on) : "Not recorded"),
};
const prescriber: Column<Medication> = {
  id: "prescriber",
  header: "Prescriber",
  cell: (medication) => medication.prescriber ?? "Not recorded",
};
