import type { ToolName } from "../../shared/tools/registry";
import type { SignedIn, TestHospital } from "./hospital";
import type { Scene } from "./scene";

/** Patient numbers about which a nurse must not learn whether somebody has them. */
export interface Unseen {
  /** Nobody's, as long as real ones and of the same letters. */
  readonly absent: readonly string[];
  /** Of patients on another ward. */
  readonly forbidden: readonly string[];
  /** Of patients whom the hospital deleted. */
  readonly deleted: readonly string[];
}

/** Makes the ward alone decide, deletes eight patients, and finds numbers of each kind. */
export async function setUnseen(hospital: TestHospital, scene: Scene): Promise<Unseen> {
  const numbers = async (condition: string) =>
    (
      await hospital.owner(
        `SELECT p.patient_number AS number FROM hospital.patient p LEFT JOIN hospital.placement b ON b.patient_id = p.id
          WHERE ${condition} ORDER BY 1 LIMIT 8`,
      )
    ).rows.map((row) => String(row["number"]));
  await hospital.owner("DELETE FROM hospital.assignment WHERE staff_id IN ('STF001', 'STF002')");
  await hospital.owner("UPDATE hospital.appointment SET staff_id = NULL");
  await hospital.owner(
    `UPDATE hospital.patient SET deleted_at = now() WHERE id IN (
      SELECT p.id FROM hospital.patient p JOIN hospital.placement b ON b.patient_id = p.id WHERE b.ward_code = '5A' AND p.id <> $1
       ORDER BY p.patient_number LIMIT 8)`,
    [scene.ours.id],
  );
  const absent = ["ZZZZ9", "QQQQ7", "WWWW6", "XXXX4", "YYYY3", "VVVV9", "TTTT7", "RRRR6"];
  const { rows } = await hospital.owner("SELECT FROM hospital.patient WHERE patient_number = ANY ($1)", [absent]);
  if (rows.length > 0) throw new Error("Somebody has a number that was to be nobody's.");
  return {
    absent,
    forbidden: await numbers("b.ward_code = 'ICU'"),
    deleted: await numbers("p.deleted_at IS NOT NULL"),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** The kinds in a random order, each so many times: neither warmth nor age of the database favours one. */
export function shuffled<T>(kinds: readonly T[], times: number): T[] {
  const all = kinds.flatMap((kind) => Array.from({ length: times }, () => kind));
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}

/** Every byte of an answer, with the number that was asked for taken out. */
const shapeOf = (answer: unknown, asked: string) => JSON.stringify(answer).replaceAll(asked, "<asked>");

export interface Telling {
  /** Every different answer. */
  readonly answers: readonly string[];
  /** Milliseconds by kind. */
  readonly medians: Readonly<Record<string, number>>;
  /** Milliseconds between the fastest median and the slowest. */
  readonly apart: number;
}

/** Asks `calls` times for each kind of number, also for malformed ones around them, and tells what the answers tell. */
export async function whatAnswersTell(
  person: SignedIn,
  tool: ToolName,
  { absent, forbidden, deleted }: Unseen,
  calls: number,
): Promise<Telling> {
  const around = (number: string) => [`${number}'`, `${number}--`, `_${number}`, `${number}%`, number.slice(0, 2)];
  const kinds: Record<string, readonly string[]> = {
    absent,
    forbidden,
    deleted,
    malformed: [...absent, ...forbidden, ...deleted].flatMap(around),
  };
  // A reading of the very patients goes before, so that nothing about them is cold.
  for (const number of Object.values(kinds).flat()) await person.call(tool, { patient_id: number });
  const answers = new Set<string>();
  const times = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  for (const [turn, kind] of shuffled(Object.keys(kinds), calls).entries()) {
    const among = kinds[kind] as readonly string[];
    const asked = among[turn % among.length] as string;
    const from = performance.now();
    const answer = await person.call(tool, { patient_id: asked });
    times[kind]?.push(performance.now() - from);
    answers.add(shapeOf(answer, asked));
  }
  const medians = Object.fromEntries(Object.entries(times).map(([kind, values]) => [kind, median(values)]));
  const values = Object.values(medians);
  return { answers: [...answers], medians, apart: Math.max(...values) - Math.min(...values) };
}
