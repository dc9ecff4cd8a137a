import type { TestHospital } from "../support/hospital";

/** One kind of work, in milliseconds. */
export interface Measure {
  readonly name: string;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
}

export type Work = () => Promise<unknown>;

async function timesOf(work: Work, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times;
}

function summary(name: string, times: readonly number[]): Measure {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return { name, mean, p50: at(0.5), p95: at(0.95) };
}

export async function measure(name: string, rounds: number, work: Work): Promise<Measure> {
  await timesOf(work, 20);
  return summary(name, await timesOf(work, rounds));
}

/** How often the two sides take turns: what the machine does meanwhile falls on both. */
const TURNS = 10;

/** The same work with the trigger that watches the audit and without it, by turns on the same server. */
export async function measureWatching(
  hospital: TestHospital,
  name: string,
  rounds: number,
  work: Work,
): Promise<{ readonly watched: Measure; readonly unwatched: Measure }> {
  const times = { ENABLE: [] as number[], DISABLE: [] as number[] };
  await timesOf(work, 20);
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const side of ["DISABLE", "ENABLE"] as const) {
        await hospital.owner(`ALTER TABLE private.audit_entry ${side} TRIGGER watched`);
        // The first calls after it plan anew.
        await timesOf(work, 3);
        times[side].push(...(await timesOf(work, Math.ceil(rounds / TURNS))));
      }
    }
  } finally {
    await hospital.owner("ALTER TABLE private.audit_entry ENABLE TRIGGER watched");
  }
  return { watched: summary(`${name}, watched`, times.ENABLE), unwatched: summary(`${name}, not`, times.DISABLE) };
}
