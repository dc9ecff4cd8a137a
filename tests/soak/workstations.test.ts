import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../electron/database/pool";
import { roles } from "../../shared/access/roles";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";

const SECONDS = 30;
let hospital: TestHospital;
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(() => hospital.close());

test("sixteen people on few connections never see a row of another's request", async () => {
  // Fewer connections than people: transactions of different people follow each other on the same backend.
  const shared = { ...hospital, database: openDatabase(hospital.workstation, 4) };
  // Three sessions a person at most, so that none of them ends another.
  const people = await Promise.all(
    [...roles, ...roles, "Nurse" as const, "Doctor" as const].map((role) => signedIn(shared, accountOf(role))),
  );
  const numbers = (
    (await hospital.owner("SELECT patient_number FROM hospital.patient")).rows as { patient_number: string }[]
  ).map((row) => row.patient_number);
  const until = performance.now() + SECONDS * 1000;
  let asked = 0;
  let refused = 0;
  await Promise.all(
    people.map(async (person, index) => {
      for (let round = index; performance.now() < until; round += 1) {
        const patient_id = numbers[(round * 7) % numbers.length] as string;
        const tool =
          round % 3 === 0 ? "get_medical_records" : round % 3 === 1 ? "get_patient_overview" : "get_patient_phi";
        const answer = await person.call(tool, { patient_id });
        asked += 1;
        if (answer.ok) expect((answer.value as { patient_id: string }).patient_id).toBe(patient_id);
        else {
          refused += 1;
          expect(["RBAC_DENIED", "PATIENT_NOT_FOUND"]).toContain(answer.failure.code);
        }
        if (tool === "get_patient_phi" && answer.ok && person.session.person().role === "Nurse")
          expect((answer.value as { ssn: string }).ssn).toBe("[REDACTED]");
      }
    }),
  );
  expect(asked).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(50);
  const auditor = await signedIn(hospital, accountOf("Auditor"));
  const verdict = await auditor.call("verify_audit_chain", {}, { via: "person" });
  expect(verdict.ok && verdict.value).toMatchObject({ intact: true });
  await shared.database.close();
});
