import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SnapshotPatient, WardSnapshot } from "../../shared/offline/ward-snapshot";
import type { AreaProps } from "../app/area-props";
import { failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Age } from "../design/Age";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { ErrorState } from "../design/ErrorState";
import { Page } from "../design/Page";
import { ScoreBadge } from "../design/ScoreBadge";
import { SearchField } from "../design/SearchField";
import { Skeleton } from "../design/Skeleton";
import { allergySummary, resuscitationWords } from "../patient/banner-words";
import { PatientLink } from "../patient/PatientLink";
import { observationInterval } from "../vitals/observation-interval";
import { AsOf } from "./AsOf";

/** The ward as its last copy has it: a row a patient, every value with its time. */
export function OfflineWard({ go }: AreaProps) {
  const [typed, setTyped] = useState("");
  const query = useQuery({ ...commandQuery("offline.ward", {}), gcTime: 0, retry: false });
  const open = ({ patient_id }: SnapshotPatient) => go({ area: "patient", patientId: patient_id, tab: "overview" });
  const ward = query.data;
  return (
    <Page
      title={ward ? ward.wards.map(({ name }) => `Ward ${name}`).join(", ") : "Ward"}
      tools={
        ward ? (
          <SearchField
            label="Find patient"
            hideLabel
            placeholder="Name, number or bed"
            value={typed}
            onChange={setTyped}
            onSubmit={() => {
              const [only, ...more] = found(ward, typed);
              if (only && more.length === 0) open(only);
            }}
          />
        ) : null
      }
    >
      {ward ? (
        <DataTable
          label="Ward list"
          fill
          columns={columns(ward.as_of, open)}
          rows={found(ward, typed)}
          rowKey={(patient) => patient.patient_id}
          onOpen={open}
          empty={<EmptyState title="No one on this copy of the ward matches" />}
        />
      ) : query.isError ? (
        <ErrorState failure={failureOf(query.error)} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton rows={10} label="Opening the ward's copy" />
      )}
    </Page>
  );
}

function found(ward: WardSnapshot, typed: string): readonly SnapshotPatient[] {
  const words = typed
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter(Boolean);
  return ward.patients.filter(({ name, patient_id, bed }) => {
    const text = `${name} ${patient_id} ${bed ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function columns(at: string, open: (patient: SnapshotPatient) => void): Column<SnapshotPatient>[] {
  return [
    {
      id: "bed",
      header: "Bed",
      cell: ({ ward, bed }) => <AsOf at={at}>{bed ?? `${ward}, no bed`}</AsOf>,
      sortBy: ({ ward, bed }) => `${ward} ${bed ?? ""}`,
    },
    {
      id: "name",
      header: "Name",
      width: "13.5rem",
      isRowHeader: true,
      wrap: true,
      cell: (patient) => <PatientLink name={patient.name} onPress={() => open(patient)} />,
      sortBy: ({ name }) => name,
    },
    { id: "number", header: "Patient No.", cell: ({ patient_id }) => patient_id },
    {
      id: "score",
      header: "Early warning score",
      wrap: true,
      cell: ({ vital_signs: [latest] }) => (
        <AsOf at={at}>
          <ScoreBadge score={latest?.score ?? null} />{" "}
          {latest ? <Age at={latest.recorded_at} staleAfterMinutes={observationInterval(latest.score)} /> : null}
        </AsOf>
      ),
      sortBy: ({ vital_signs: [latest] }) => latest?.score.total ?? null,
    },
    {
      id: "resuscitation",
      header: "Resuscitation",
      wrap: true,
      cell: ({ resuscitation_status }) => <AsOf at={at}>{resuscitationWords(resuscitation_status)}</AsOf>,
      sortBy: ({ resuscitation_status }) => resuscitation_status,
    },
    {
      id: "allergies",
      header: "Allergies",
      wrap: true,
      cell: (patient) => <AsOf at={at}>{allergyList(patient)}</AsOf>,
    },
  ];
}

function allergyList({ allergy_status, allergies }: SnapshotPatient): string {
  const summary = allergySummary(allergy_status, allergies);
  return summary.kind === "recorded" ? summary.allergies.map(({ substance }) => substance).join(", ") : summary.words;
}
