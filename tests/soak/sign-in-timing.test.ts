import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { setTries, type Tries, whatRefusalsTell } from "../support/sign-in-timing";

let hospital: TestHospital;
let tries: Tries;
beforeAll(async () => {
  hospital = await startTestHospital();
  tries = await setTries(hospital);
});
afterAll(() => hospital.close());

/** Milliseconds that the medians may lie apart. */
const APART = 5;

test("6,000 refused sign-ins of nobody, of disabled people and with wrong passwords have one answer and one duration", async () => {
  const { answers, medians, apart } = await whatRefusalsTell(hospital, tries, 1000);
  console.info("medians in milliseconds", medians);
  expect(answers).toEqual([expect.stringContaining('"SIGN_IN_FAILED"')]);
  expect(apart, JSON.stringify(medians)).toBeLessThan(APART);
});
