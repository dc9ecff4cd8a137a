import { afterAll, beforeAll, expect, test } from "vitest";
import type { Telling } from "../support/existence-timing";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { setTries, type Tries, whatRefusalsTell } from "../support/sign-in-timing";
import { shortest } from "../support/stopwatch";

/** Whether a refused sign-in tells who has an account. tests/soak asks more often. */
let hospital: TestHospital;
let tries: Tries;
beforeAll(async () => {
  hospital = await startTestHospital();
  tries = await setTries(hospital);
});
afterAll(() => hospital.close());

const CALLS = 100;
/** Milliseconds that the medians may lie apart. */
const APART = 5;

test(`${CALLS} refused sign-ins of each kind have one answer and one duration`, async () => {
  expect(Object.keys(tries).length).toBeGreaterThanOrEqual(6);
  const rounds: Telling[] = [];
  // What tells kinds apart does so each time; what other programs do to the medians passes.
  const apart = await shortest(APART, async () => {
    const telling = await whatRefusalsTell(hospital, tries, CALLS);
    rounds.push(telling);
    return telling.apart;
  });
  const answers = new Set(rounds.flatMap((telling) => telling.answers));
  expect([...answers]).toEqual([expect.stringContaining('"SIGN_IN_FAILED"')]);
  expect(apart, JSON.stringify(rounds.map(({ medians }) => medians))).toBeLessThan(APART);
}, 600_000);
