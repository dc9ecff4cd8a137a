import { afterAll, beforeAll, expect, test } from "vitest";
import { setUnseen, type Unseen, whatAnswersTell } from "../support/existence-timing";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { setScene } from "../support/scene";

let hospital: TestHospital;
let unseen: Unseen;
beforeAll(async () => {
  hospital = await startTestHospital();
  unseen = await setUnseen(hospital, await setScene(hospital));
});
afterAll(() => hospital.close());

/** Milliseconds that the medians may lie apart. */
const APART = 5;

test("4,000 calls for nobody's, forbidden, deleted and malformed numbers have one answer and one duration", async () => {
  const person = await signedIn(hospital, accountOf("Nurse"));
  const { answers, medians, apart } = await whatAnswersTell(person, "get_allergies", unseen, 1000);
  console.info("medians in milliseconds", medians);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toContain("PATIENT_NOT_FOUND");
  expect(apart, JSON.stringify(medians)).toBeLessThan(APART);
});
