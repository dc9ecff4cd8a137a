import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Role } from "../../shared/access/roles";
import type { EmergencyReview } from "../../shared/emergency/break-glass";
import { type BreakGlassScene, breakGlassScene } from "../support/break-glass";
import {
  announce,
  announceAndRead,
  connectDirectly,
  type Direct,
  type RawSession,
  signInDirectly,
} from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { columns } from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

/** What waits for a verdict after an emergency, who gives it, and that it stands. */
let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
let glass: BreakGlassScene;
let nurse: RawSession;
let auditor: RawSession;
let atTheScreen: SignedIn;

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  glass = breakGlassScene(hospital, direct);
  atTheScreen = await signedIn(hospital, accountOf("Auditor"));
  // One session for the list and the verdicts: a fourth sign-in of a person would end the first.
  const { session } = atTheScreen;
  auditor = { token: session.databaseToken(), id: "", staffId: session.person().staffId };
});
beforeEach(async () => {
  await glass.clear();
  nurse = await signInDirectly(direct, "demo_nurse");
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

async function reviews(state: "waiting" | "judged" = "waiting"): Promise<EmergencyReview[]> {
  const answer = await atTheScreen.call("get_emergency_reviews", { state }, { via: "person", audience: "person" });
  expect(answer, JSON.stringify(answer)).toMatchObject({ ok: true });
  return (answer as unknown as { value: { reviews: EmergencyReview[] } }).value.reviews;
}
const judge = async (
  session: RawSession,
  id: unknown,
  verdict: string | null,
  note: string | null,
  submission?: string,
) =>
  (
    await direct.rows("SELECT api.review_break_glass($1, $2, $3, $4, $5) AS outcome", [
      session.token,
      id,
      submission ?? crypto.randomUUID(),
      verdict,
      note,
    ])
  )[0]?.["outcome"];

/** An emergency with some reading in it, ended. */
async function emergency(): Promise<string> {
  const said = await glass.ask(
    nurse,
    scene.theirs.number,
    "other",
    "found on the stairs, no wristband but this number",
  );
  await glass.open(nurse, said["request"], await glass.attempt("demo_nurse", "a slip"));
  await glass.open(nurse, said["request"], await glass.attempt("demo_nurse"));
  for (const tool of ["get_allergies", "get_allergies", "get_medications"])
    await announceAndRead(direct, nurse.token, tool, { patient: scene.theirs.number }, "SELECT 1");
  await announce(direct, nurse.token, "get_allergies", { patient: scene.ours.number });
  await direct.rows("SELECT api.end_break_glass($1)", [nurse.token]);
  await announce(direct, nurse.token, "get_allergies", { patient: scene.theirs.number });
  return String(said["request"]);
}

test("the Auditor sees who, whose chart, why, how long, and what was read while it was open; reading that is audited", async () => {
  const id = await emergency();
  const [review, ...more] = await reviews();
  expect(more).toEqual([]);
  const { rows } = await hospital.owner("SELECT family_name FROM hospital.patient WHERE id = $1", [scene.theirs.id]);
  expect(review).toMatchObject({
    id,
    staff_id: nurse.staffId,
    staff_role: "Nurse",
    workstation: "a bare client",
    patient_number: scene.theirs.number,
    patient_name: expect.stringContaining(String(rows[0]?.["family_name"]).toUpperCase()),
    reason: "other",
    words: "found on the stairs, no wristband but this number",
    outcome: "opened",
    proofs_failed: 1,
    ended_because: "person",
    reads: [
      { tool: "get_allergies", count: 2 },
      { tool: "get_medications", count: 1 },
    ],
    verdicts: [],
  });
  const entries = await hospital.owner(
    "SELECT count(*)::int AS n FROM private.audit_entry WHERE action = 'AUDIT_READ' AND tool = 'get_emergency_reviews'",
  );
  expect(Number(entries.rows[0]?.["n"])).toBeGreaterThan(0);
});

test("the words stay out of the audit and out of the alert", async () => {
  await emergency();
  const { rows } = await hospital.owner(
    "SELECT (SELECT string_agg(detail::text, ' ') FROM private.audit_entry) || (SELECT string_agg(detail::text, ' ') FROM private.alert) AS told",
  );
  expect(String(rows[0]?.["told"])).not.toContain("stairs");
});

describe("a verdict", () => {
  test("is given once, in the audit, settles the alert, and can only be added to", async () => {
    const id = await emergency();
    expect(await judge(auditor, id, null, "too early")).toBe("NOT_REVIEWED");
    expect(await judge(auditor, id, "justified", null)).toBe("granted");
    for (const verdict of ["justified", "not-justified"])
      expect(await judge(auditor, id, verdict, "second thoughts")).toBe("REVIEWED_ALREADY");
    expect(await judge(auditor, id, null, "the ward sister confirmed it")).toBe("granted");
    expect(await reviews()).toEqual([]);
    const [judged] = await reviews("judged");
    expect(judged?.verdicts).toMatchObject([
      { verdict: "justified", note: null },
      { verdict: null, note: "the ward sister confirmed it" },
    ]);
    const audited = await hospital.owner(
      "SELECT detail ->> 'verdict' AS verdict, patient_ids, staff_id FROM private.audit_entry WHERE action = 'BREAK_GLASS_REVIEWED' AND detail ->> 'request' = $1 ORDER BY at",
      [id],
    );
    const told = { patient_ids: [scene.theirs.id], staff_id: auditor.staffId };
    expect(audited.rows).toEqual([
      { verdict: "justified", ...told },
      { verdict: "addition", ...told },
    ]);
    const alerts = await hospital.owner("SELECT verdict, handled_by_id FROM private.alert WHERE rule = 'break-glass'");
    expect(alerts.rows).toEqual([{ verdict: "expected", handled_by_id: auditor.staffId }]);
  });

  test("needs a note unless it is justified, and is one of three", async () => {
    const id = await emergency();
    for (const [verdict, note] of [
      ["unclear", null],
      ["not-justified", "  "],
      ["fine", "x"],
      ["unclear", "x".repeat(1001)],
    ] as const)
      expect(await judge(auditor, id, verdict, note)).toBe("INVALID_INPUT");
    expect(await judge(auditor, id, "not-justified", "a neighbour of hers")).toBe("granted");
    const alerts = await hospital.owner("SELECT verdict FROM private.alert WHERE rule = 'break-glass'");
    expect(alerts.rows).toEqual([{ verdict: "misuse" }]);
  });

  test("that arrives twice is one", async () => {
    const id = await emergency();
    const submission = crypto.randomUUID();
    expect(await judge(auditor, id, "justified", null, submission)).toBe("granted");
    expect(await judge(auditor, id, "justified", null, submission)).toBe("granted");
    expect(await judge(auditor, crypto.randomUUID(), "justified", null)).toBe("REVIEW_NOT_FOUND");
    const { rows } = await hospital.owner("SELECT count(*)::int AS n FROM private.break_glass_verdict");
    expect(rows).toEqual([{ n: 1 }]);
  });

  test.each(columns.filter((role) => role !== "Auditor"))(
    "is not a %s's to give, nor the list theirs to read",
    async (role: Role) => {
      const id = await emergency();
      const session = await signInDirectly(direct, accountOf(role));
      expect(await judge(session, id, "justified", null)).toBe("RBAC_DENIED");
      expect(await announce(direct, session.token, "get_emergency_reviews")).toMatchObject({ outcome: "RBAC_DENIED" });
      const under = role === "Admin" ? "get_audit_trail" : "get_my_access_history";
      expect(await announceAndRead(direct, session.token, under, {}, "SELECT * FROM api.break_glass_reviews")).toEqual(
        [],
      );
    },
  );

  test("is nobody's about themselves, should a clinician have become an Auditor since", async () => {
    const id = await emergency();
    await hospital.owner("UPDATE hospital.staff SET role = 'Auditor' WHERE id = $1", [nurse.staffId]);
    try {
      expect(await judge(nurse, id, "justified", null)).toBe("OWN_EMERGENCY");
    } finally {
      await hospital.owner("UPDATE hospital.staff SET role = 'Nurse' WHERE id = $1", [nurse.staffId]);
    }
  });
});

test("the pulse of an Auditor counts what waits, and a verdict takes it away", async () => {
  const waiting = async (session: RawSession) =>
    (
      (await direct.rows("SELECT api.pulse($1) AS pulse", [session.token]))[0]?.["pulse"] as
        | { reviews: number }
        | undefined
    )?.reviews;
  const id = await emergency();
  expect(await waiting(auditor)).toBe(1);
  expect(await waiting(nurse)).toBe(0);
  await judge(auditor, id, "justified", null);
  expect(await waiting(auditor)).toBe(0);
});

test("the pulse of the person says which chart is open and until when", async () => {
  const pulse = async () => (await direct.rows("SELECT api.pulse($1) AS pulse", [nurse.token]))[0]?.["pulse"];
  expect(await pulse()).toMatchObject({ breakGlass: null });
  const opened = await glass.breakGlass(nurse, "demo_nurse", scene.theirs.number);
  expect(await pulse()).toMatchObject({ breakGlass: { patientId: scene.theirs.number } });
  const { breakGlass } = (await pulse()) as { breakGlass: { until: string } };
  expect(new Date(breakGlass.until).getTime()).toBe((opened["until"] as Date).getTime());
});
