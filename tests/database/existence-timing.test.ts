import { afterAll, beforeAll, expect, test } from "vitest";
import { setUnseen, type Telling, type Unseen, whatAnswersTell } from "../support/existence-timing";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";
import { shortest } from "../support/stopwatch";

/** Whether the answer, or the time until it, tells a patient who exists from one who does not. tests/soak asks more often. */
let hospital: TestHospital;
let scene: Scene;
let unseen: Unseen;
beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  unseen = await setUnseen(hospital, scene);
});
afterAll(() => hospital.close());

const CALLS = 200;
/** Milliseconds that the medians may lie apart. */
const APART = 5;

test(`${CALLS} calls each for nobody's, a forbidden, a deleted and a malformed number have one answer and one duration`, async () => {
  const person = await signedIn(hospital, accountOf("Nurse"));
  expect(await person.call("get_allergies", { patient_id: scene.ours.number })).toMatchObject({ ok: true });
  const rounds: Telling[] = [];
  // What tells kinds apart does so each time; what other programs do to the medians passes.
  const apart = await shortest(APART, async () => {
    const telling = await whatAnswersTell(person, "get_allergies", unseen, CALLS);
    rounds.push(telling);
    return telling.apart;
  });
  const answers = new Set(rounds.flatMap((telling) => telling.answers));
  expect([...answers]).toEqual([expect.stringContaining("PATIENT_NOT_FOUND")]);
  expect(apart, JSON.stringify(rounds.map(({ medians }) => medians))).toBeLessThan(APART);
}, 600_000);

test("what was typed in place of a number is told back and kept nowhere", async () => {
  const nurse = await signedIn(hospital, accountOf("Nurse"));
  for (const typed of ["Zebediah Q", "a pass-word"]) {
    const answer = await nurse.call("get_allergies", { patient_id: typed });
    expect(answer).toMatchObject({ failure: { code: "PATIENT_NOT_FOUND", message: expect.stringContaining(typed) } });
    const { rows } = await hospital.owner(
      "SELECT count(*)::int AS n FROM private.audit_entry WHERE upper(detail::text) LIKE '%' || upper($1) || '%'",
      [typed],
    );
    expect(rows).toEqual([{ n: 0 }]);
  }
  // Too long to be told back, or with more wrong than the number: refused by its form.
  for (const input of [{ patient_id: "x".repeat(41) }, { patient_id: "x", also: "y" }, { patient_id: 7 }, {}])
    expect(await nurse.call("get_allergies", input)).toMatchObject({ failure: { code: "INVALID_INPUT" } });
});
