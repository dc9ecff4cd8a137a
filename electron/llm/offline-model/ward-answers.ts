import { reachOf } from "../../../shared/access/role-permissions";
import type { WardRow } from "../../../shared/clinical/chart";
import type { ToolOutput } from "../../../shared/tools/registry";
import { age, count, link, plain, series, when } from "./say";
import type { Scene } from "./scene";

/** A set of observations older than this is called old; the ward's own interval may be shorter. */
const oldAfterHours = 12;

interface WardQuestion {
  readonly ward: string | undefined;
  readonly words: string;
}
type Ward = ToolOutput<"list_ward">;

function withWard(question: WardQuestion, scene: Scene, write: (ward: Ward) => string): string | undefined {
  const found = scene.desk.look("list_ward", question.ward === undefined ? {} : { ward: question.ward });
  if (!found) return undefined;
  if (!found.ok) {
    return found.code === "RBAC_DENIED"
      ? `${found.message} Ask “What may I see?” for the whole list.`
      : `The look-up failed, so I do not know. ${found.message}`;
  }
  if (question.ward !== undefined && found.value.ward === null) {
    const choices = found.value.wards.map((ward) => `${plain(ward.code)} (${plain(ward.name)})`);
    return `There is no ward ${plain(question.ward)} that you can choose. ${choices.length > 0 ? `Yours: ${series(choices)}.` : ""}`.trim();
  }
  return found.value.patients.length === 0 ? `No patients ${placeOf(found.value, scene)}.` : write(found.value);
}

/** Who is there, by bed. */
export function wardAnswer(question: WardQuestion, scene: Scene): string | undefined {
  return withWard(question, scene, (ward) => {
    const rows = ward.patients.toSorted((one, other) =>
      (one.bed ?? "~").localeCompare(other.bed ?? "~", "en", { numeric: true }),
    );
    const shown = rows.slice(0, 40);
    const lines = shown.map(
      (row) =>
        `- ${[bedOf(row), nameOf(row), row.gender, bornOf(row), scoreOf(row, scene.now)].filter((part) => part !== "").join(", ")}`,
    );
    if (rows.length > shown.length) lines.push(`- ${rows.length - shown.length} more on the Ward page`);
    return [`${count(rows.length, "patient")} ${placeOf(ward, scene)}:`, "", ...lines].join("\n");
  });
}

/** Who scores highest, with the age of each score, and who has none. */
export function sickestAnswer(question: WardQuestion, scene: Scene): string | undefined {
  return withWard(question, scene, (ward) => {
    if (ward.patients.every((row) => row.score === undefined))
      return `Your role (${scene.role}) does not see early warning scores.`;
    const scored = ward.patients
      .flatMap((row) =>
        row.score && row.score.total !== null ? [{ row, score: row.score, total: row.score.total }] : [],
      )
      .toSorted(
        (one, other) => other.total - one.total || Number(other.score.single_red) - Number(one.score.single_red),
      );
    const unscored = ward.patients.filter((row) => !row.score || row.score.total === null);
    const lines = scored.slice(0, 5).map(({ row, score }) => {
      const alone = score.single_red ? ", one figure alone scores 3" : "";
      return `- ${link(`NEWS2 **${score.total}**`, row.patient_id, "vitals")}${score.band ? ` (${score.band})` : ""}: ${nameOf(row)}, ${bedOf(row)}, ${ageOf(score.recorded_at, scene.now)}${alone}`;
    });
    const without = unscored.map((row) => `- no score: ${nameOf(row)}, ${bedOf(row)}, ${whyUnscored(row)}`);
    const head =
      scored.length > 0
        ? `Highest early warning scores ${placeOf(ward, scene)}:`
        : `Nobody ${placeOf(ward, scene)} has an early warning score.`;
    const more = scored.length > 5 ? [`- ${scored.length - 5} more, all ${scored[4]?.total} or lower`] : [];
    return [head, "", ...lines, ...more, ...without, "", "A score says nothing about who was not measured."].join("\n");
  });
}

/** Whose observations are oldest. */
export function overdueAnswer(question: WardQuestion, scene: Scene): string | undefined {
  return withWard(question, scene, (ward) => {
    if (ward.patients.every((row) => row.score === undefined))
      return `Your role (${scene.role}) does not see vital signs.`;
    const rows = ward.patients.toSorted((one, other) => takenAt(one) - takenAt(other)).slice(0, 6);
    const lines = rows.map(
      (row) =>
        `- ${nameOf(row)}, ${bedOf(row)}: ${row.score ? link(`last set ${ageOf(row.score.recorded_at, scene.now)}`, row.patient_id, "vitals") : "no observations recorded"}`,
    );
    return [
      `Oldest observations ${placeOf(ward, scene)}, oldest first (I do not know your ward's interval):`,
      "",
      ...lines,
    ].join("\n");
  });
}

/** The next doses on the ward, soonest first. */
export function wardDueAnswer(question: WardQuestion, scene: Scene): string | undefined {
  return withWard(question, scene, (ward) => {
    if (ward.patients.every((row) => row.medicines_due === undefined))
      return `Your role (${scene.role}) does not see medicines.`;
    const due = ward.patients
      .flatMap((row) => (row.medicines_due ?? []).map((medicine) => ({ row, medicine })))
      .toSorted((one, other) => Date.parse(one.medicine.due_at) - Date.parse(other.medicine.due_at));
    const lines = due.slice(0, 10).map(({ row, medicine }) => {
      const drug = link(
        `**${plain(medicine.generic)}** ${plain(medicine.dose ?? "dose not recorded")}`,
        row.patient_id,
        "medications",
      );
      return `- ${when(medicine.due_at, scene.now)} (${age(medicine.due_at, scene.now)}): ${nameOf(row)}, ${bedOf(row)}, ${drug}`;
    });
    if (lines.length === 0) return `No scheduled medicines ${placeOf(ward, scene)}.`;
    const more = due.length > 10 ? [`- ${due.length - 10} more after that`] : [];
    return [
      `Medicines due next ${placeOf(ward, scene)}, by the prescribed times (what was given is not recorded here):`,
      "",
      ...lines,
      ...more,
    ].join("\n");
  });
}

function placeOf(ward: Ward, { role }: Scene): string {
  if (ward.ward) return `on ward ${plain(ward.ward.code)} (${plain(ward.ward.name)})`;
  return reachOf(role, "ward.read") === "all" ? "in the hospital" : "on your wards and lists";
}

function nameOf(row: WardRow): string {
  return `${link(plain(row.name), row.patient_id)} (${row.patient_id})`;
}

function bedOf(row: WardRow): string {
  if (row.bed === undefined) return "";
  return row.bed === null ? "no bed" : `bed ${plain(row.bed)}`;
}

function bornOf(row: WardRow): string {
  return row.birth_year === null ? "birth year not recorded" : `born ${row.birth_year}`;
}

function scoreOf(row: WardRow, now: Date): string {
  if (row.score === undefined) return "";
  if (row.score === null) return "no observations recorded";
  const words = row.score.total === null ? "NEWS2 not scored" : `NEWS2 **${row.score.total}**`;
  return `${link(words, row.patient_id, "vitals")}, ${ageOf(row.score.recorded_at, now)}`;
}

function whyUnscored(row: WardRow): string {
  return row.score ? plain(row.score.not_scored_because ?? "no reason recorded") : "no observations recorded";
}

function takenAt(row: WardRow): number {
  return row.score ? Date.parse(row.score.recorded_at) : Number.NEGATIVE_INFINITY;
}

function ageOf(iso: string, now: Date): string {
  const old = now.getTime() - Date.parse(iso) > oldAfterHours * 3_600_000;
  return old ? `${age(iso, now)}, old` : age(iso, now);
}
