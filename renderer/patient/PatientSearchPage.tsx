import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Overview } from "../../shared/clinical/chart";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { Notice } from "../design/Notice";
import { Page } from "../design/Page";
import { QueryView } from "../design/QueryView";
import { SearchField } from "../design/SearchField";
import { useSettled } from "../design/use-settled";
import { BreakGlassButton } from "../emergency/BreakGlassButton";
import { genderWord } from "./banner-words";
import { PatientLink } from "./PatientLink";
import styles from "./PatientSearchPage.module.css";

/** Finds patients by the beginning of a name or by number; shows who they are and nothing of what they have. */
export function PatientSearchPage({ go, session }: AreaProps) {
  const [typed, setTyped] = useState("");
  const sought = useSettled(typed.trim());
  const enough = sought.length >= 2;
  const query = useQuery({
    ...toolQuery("find_patients", { query: sought }),
    enabled: enough,
    placeholderData: keepPreviousData,
  });
  const open = (patient: Overview) => go({ area: "patient", patientId: patient.patient_id, tab: "overview" });
  const careTeam = session.person.role === "Doctor" || session.person.role === "Nurse";

  return (
    <Page title="Patients">
      <SearchField
        label="Find patient"
        autoFocus
        className={styles.search}
        value={typed}
        onChange={setTyped}
        onSubmit={() => {
          const only =
            query.data?.patients.length === 1 && sought === typed.trim() ? query.data.patients[0] : undefined;
          if (only) open(only);
        }}
        description={
          careTeam
            ? "The beginning of a name, or the number on the wristband. Finds the patients of your wards and lists."
            : "The beginning of a name, or the number on the wristband."
        }
      />
      {enough ? (
        <QueryView
          query={query}
          label="Looking for patients"
          isEmpty={(found) => found.patients.length === 0}
          empty={
            <EmptyState title="Nobody found" action={<BreakGlassButton role={session.person.role} />}>
              Check the spelling, or use the number on the wristband.
            </EmptyState>
          }
        >
          {(found) => (
            <>
              {found.truncated ? (
                <Notice kind="info" title="more patients match">
                  Type more of the name to see the rest.
                </Notice>
              ) : null}
              <DataTable
                label="Patients found"
                fill
                columns={columns(found.patients, open)}
                rows={found.patients}
                rowKey={(patient) => patient.patient_id}
                onOpen={open}
              />
            </>
          )}
        </QueryView>
      ) : (
        <EmptyState title="Type at least two letters" action={<BreakGlassButton role={session.person.role} />}>
          Results appear as you type. Each search is recorded.
        </EmptyState>
      )}
    </Page>
  );
}

function columns(found: readonly Overview[], open: (patient: Overview) => void): Column<Overview>[] {
  const placed = found.some((patient) => patient.ward !== undefined);
  return [
    {
      id: "name",
      header: "Name",
      isRowHeader: true,
      sortBy: (patient) => patient.name,
      cell: (patient) => <PatientLink name={patient.name} onPress={() => open(patient)} />,
    },
    { id: "number", header: "Patient No.", cell: (patient) => patient.patient_id },
    { id: "gender", header: "Gender", cell: (patient) => genderWord(patient.gender) },
    {
      id: "born",
      header: "Born",
      sortBy: (patient) => patient.birth_year,
      cell: (patient) => patient.birth_year ?? "Not recorded",
    },
    ...(placed
      ? [
          {
            id: "place",
            header: "Ward and bed",
            sortBy: (patient: Overview) => patient.ward ?? null,
            cell: (patient: Overview) =>
              patient.ward ? `${patient.ward}, ${patient.bed ? `bed ${patient.bed}` : "no bed"}` : "Not admitted",
          },
        ]
      : []),
  ];
}
