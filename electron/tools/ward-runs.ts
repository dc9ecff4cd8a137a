import { may } from "../../shared/access/role-permissions";
import type { Query, Row } from "../database/pool";
import { readChart } from "../records/chart";
import { nextDue, readScheduledMedications } from "../records/medications";
import { overviewOf, readOverviews } from "../records/overview";
import { readShifts } from "../records/shifts";
import { readLatestVitalSigns, type ScoredPatient, scoreOf } from "../records/vital-signs";
import { readWardSnapshot } from "../records/ward-snapshot";
import type { ToolContext, ToolRuns } from "./define-tool";

/** How many of the last sets make the small trend of the ward list. */
const TREND_SETS = 8;
/** The most that a search shows; one more is asked for, to know that there are more. */
const SEARCH_LIMIT = 50;

function groupByPatient(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = String(row["patient_id"]);
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return groups;
}

function scoresOf(sets: readonly Row[], patient: ScoredPatient) {
  const scores = sets.map((set) => scoreOf(set, patient));
  const trend = scores.flatMap((score) => (score.total === null ? [] : [score.total])).reverse();
  return { score: scores[0] ?? null, score_trend: trend };
}

function dueOf(medications: readonly Row[], now: Date) {
  return medications
    .flatMap((row) => {
      const due = nextDue(row["due_times"] as string[], now);
      return due ? [{ generic: row["generic"], dose: row["dose"], due_at: due.toISOString() }] : [];
    })
    .sort((a, b) => a.due_at.localeCompare(b.due_at));
}

async function none(): Promise<Row[]> {
  return [];
}

async function listWard({ query, role, now }: ToolContext, wanted: string | undefined) {
  const scored = may(role, "vital-signs.read");
  const medicated = may(role, "medications.read");
  const [patients, wards, sets, medications] = await Promise.all([
    readOverviews(query),
    readChart.wards(query),
    scored ? readLatestVitalSigns(query, TREND_SETS) : none(),
    medicated ? readScheduledMedications(query) : none(),
  ]);
  const setsOf = groupByPatient(sets);
  const medicationsOf = groupByPatient(medications);
  const rows = patients.map((row) => {
    const id = String(row["patient_id"]);
    const patient = { birthYear: row["birth_year"] as number | null, pregnant: row["pregnant"] === true };
    return {
      ...overviewOf(row),
      ...(scored ? scoresOf(setsOf.get(id) ?? [], patient) : {}),
      ...(medicated ? { medicines_due: dueOf(medicationsOf.get(id) ?? [], now) } : {}),
    };
  });
  return {
    wards,
    ward: wards.find((ward) => ward["code"] === wanted) ?? null,
    as_of: now.toISOString(),
    patients: rows,
  };
}

const DAY = 86_400_000;
const day = (moment: number) => new Date(moment).toISOString().slice(0, 10);

async function shiftsOf(
  query: Query,
  now: Date,
  input: { from?: string | undefined; to?: string | undefined; department?: string | undefined },
) {
  const filter = {
    from: input.from ?? day(now.getTime() - 7 * DAY),
    to: input.to ?? day(now.getTime() + 14 * DAY),
    department: input.department,
  };
  return { shifts: await readShifts(query, filter) };
}

type WardTool = "find_patients" | "list_ward" | "get_my_shifts" | "get_shifts" | "get_ward_snapshot";

export const wardRuns: Pick<ToolRuns, WardTool> = {
  find_patients: async ({ query }) => {
    const found = await readOverviews(query);
    return { patients: found.slice(0, SEARCH_LIMIT).map(overviewOf), truncated: found.length > SEARCH_LIMIT };
  },
  list_ward: (context, input) => listWard(context, input.ward),
  get_ward_snapshot: ({ query, now }) => readWardSnapshot(query, now),
  get_my_shifts: ({ query, now }, input) => shiftsOf(query, now, input),
  get_shifts: ({ query, now }, input) => shiftsOf(query, now, input),
};
