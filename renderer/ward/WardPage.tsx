import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { WardRow } from "../../shared/clinical/chart";
import type { ToolOutput } from "../../shared/tools/registry";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { Page } from "../design/Page";
import { QueryView } from "../design/QueryView";
import { SearchField } from "../design/SearchField";
import { Select } from "../design/Select";
import { findInWard } from "./find-in-ward";
import { wardColumns } from "./ward-columns";

type Ward = ToolOutput<"list_ward">;
const everyMinute = 60_000;
const mine = "";

/** The ward: a row a patient, with what needs a look. */
export function WardPage({ session, go }: AreaProps) {
  const [code, setCode] = useState(mine);
  const [typed, setTyped] = useState("");
  const query = useQuery({
    ...toolQuery("list_ward", code === mine ? {} : { ward: code }),
    refetchInterval: everyMinute,
    placeholderData: keepPreviousData,
  });
  const open = (row: WardRow) => go({ area: "patient", patientId: row.patient_id, tab: "overview" });
  const record = (row: WardRow) =>
    go({ area: "patient", patientId: row.patient_id, tab: "vitals", form: "observations" });
  const shown = query.data ? findInWard(query.data.patients, typed) : [];

  return (
    <Page
      title={query.data?.ward ? `Ward ${query.data.ward.name}` : "Ward"}
      tools={
        <>
          <SearchField
            label="Find patient"
            hideLabel
            placeholder="Name, number or bed"
            value={typed}
            onChange={setTyped}
            onSubmit={() => {
              const only = shown.length === 1 ? shown[0] : undefined;
              if (only) open(only);
            }}
          />
          <Select label="Ward" hideLabel options={wardOptions(query.data)} value={code} onChange={setCode} />
        </>
      }
    >
      <QueryView
        query={query}
        rows={10}
        label="Loading the ward list"
        isEmpty={(ward) => ward.patients.length === 0}
        empty={
          <EmptyState
            title="No patients here now"
            action={<Button onPress={() => go({ area: "patients" })}>Find a patient</Button>}
          >
            Nobody is admitted to this ward, or you have no shift and no list at this hour. Choose another ward above.
          </EmptyState>
        }
      >
        {(ward) => (
          <DataTable
            label="Ward list"
            fill
            columns={wardColumns(
              ward.patients,
              open,
              may(session.person.role, "vital-signs.record") ? record : undefined,
            )}
            rows={shown}
            rowKey={(row) => row.patient_id}
            onOpen={open}
            empty={
              <EmptyState
                title="No one on this list matches"
                action={<Button onPress={() => go({ area: "patients" })}>Search beyond this ward</Button>}
              />
            }
          />
        )}
      </QueryView>
    </Page>
  );
}

function wardOptions(ward: Ward | undefined) {
  return [
    { value: mine, label: "My wards and lists" },
    ...(ward?.wards ?? []).map(({ code, name }) => ({ value: code, label: `${code} ${name}` })),
  ];
}
