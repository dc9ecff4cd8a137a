import { ClipboardPlus } from "lucide-react";
import type { WardRow } from "../../shared/clinical/chart";
import { Age } from "../design/Age";
import type { Column } from "../design/DataTable";
import { IconButton } from "../design/IconButton";
import { ScoreBadge } from "../design/ScoreBadge";
import { genderWord } from "../patient/banner-words";
import { PatientLink } from "../patient/PatientLink";
import { observationInterval } from "../vitals/observation-interval";
import { NextDose } from "./NextDose";
import { ScoreTrend } from "./ScoreTrend";

/**
 * The columns for what the answer contains: what a role may not see is no column at all. `record` opens the form for a new
 * set, for who may record one.
 */
export function wardColumns(
  rows: readonly WardRow[],
  open: (row: WardRow) => void,
  record?: (row: WardRow) => void,
): Column<WardRow>[] {
  const several = new Set(rows.map((row) => row.ward ?? "")).size > 1;
  const has = (field: keyof WardRow) => rows.some((row) => row[field] !== undefined);
  return [
    ...(has("bed") ? [bed] : []),
    ...(several ? [ward] : []),
    { ...name, cell: (row) => <PatientLink name={row.name} onPress={() => open(row)} /> },
    number,
    gender,
    born,
    ...(has("score") ? [score] : []),
    ...(has("score_trend") ? [trend] : []),
    ...(record ? [recordColumn(record)] : []),
    ...(has("medicines_due") ? [dose] : []),
  ];
}

const bed: Column<WardRow> = {
  id: "bed",
  header: "Bed",
  cell: (row) => row.bed ?? "No bed",
  sortBy: (row) => row.bed ?? null,
};
const ward: Column<WardRow> = {
  id: "ward",
  header: "Ward",
  cell: (row) => row.ward ?? "Not admitted",
  sortBy: (row) => row.ward ?? null,
};
const name: Column<WardRow> = {
  id: "name",
  header: "Name",
  width: "13.5rem",
  cell: (row) => row.name,
  isRowHeader: true,
  wrap: true,
  sortBy: (row) => row.name,
};
const number: Column<WardRow> = { id: "number", header: "Patient No.", cell: (row) => row.patient_id };
const gender: Column<WardRow> = { id: "gender", header: "Gender", cell: (row) => genderWord(row.gender) };
const born: Column<WardRow> = {
  id: "born",
  header: "Born",
  cell: (row) => row.birth_year ?? "Not recorded",
  sortBy: (row) => row.birth_year,
};
const score: Column<WardRow> = {
  id: "score",
  header: "Early warning score",
  wrap: true,
  cell: (row) => <LatestScore row={row} />,
  sortBy: (row) => row.score?.total ?? null,
};
const trend: Column<WardRow> = {
  id: "trend",
  header: "Trend",
  cell: (row) => <ScoreTrend totals={row.score_trend ?? []} />,
};
const dose: Column<WardRow> = {
  id: "dose",
  header: "Next medicine",
  wrap: true,
  cell: (row) => <NextDose due={row.medicines_due ?? []} />,
  sortBy: (row) => row.medicines_due?.[0]?.due_at ?? null,
};

function recordColumn(record: (row: WardRow) => void): Column<WardRow> {
  return {
    id: "record",
    header: "Record",
    cell: (row) => (
      <IconButton icon={ClipboardPlus} label={`Record observations for ${row.name}`} onPress={() => record(row)} />
    ),
  };
}

function LatestScore({ row }: { readonly row: WardRow }) {
  const latest = row.score ?? null;
  return (
    <>
      <ScoreBadge score={latest} />{" "}
      {latest ? <Age at={latest.recorded_at} staleAfterMinutes={observationInterval(latest)} /> : null}
    </>
  );
}
