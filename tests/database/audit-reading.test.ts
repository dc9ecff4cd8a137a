import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newAnchorKey, openAnchorKey } from "../../electron/anchors/anchor-key";
import { Anchoring } from "../../electron/anchors/anchoring";
import { checkAnchors } from "../../electron/anchors/check-anchors";
import { comparePoints, workstationPort } from "../../electron/anchors/port";
import { systemClock as clock } from "../../electron/clock";
import { checkAnchors as checkAnchorsHealth } from "../../electron/health/anchors-check";
import { temporaryFolder } from "../support/backup";
import { announce, connectDirectly, type Direct, read, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

/** What the audit answers to those who read it, and what reading it leaves in it. */
let hospital: TestHospital;
let direct: Direct;
let scene: Scene;
let nurse: SignedIn;
let auditor: SignedIn;
let session: string;
beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  nurse = await signedIn(hospital, accountOf("Nurse"));
  auditor = await signedIn(hospital, accountOf("Auditor"));
  await nurse.call("get_vital_signs", { patient_id: scene.ours.number });
  await nurse.call("get_allergies", { patient_id: scene.ours.number });
  await nurse.call("get_allergies", { patient_id: scene.theirs.number });
  await nurse.call("list_ward", {});
  const { rows } = await hospital.owner(
    "SELECT session_id FROM private.audit_entry WHERE tool = 'list_ward' AND staff_id = 'STF002' ORDER BY at DESC LIMIT 1",
  );
  session = String(rows[0]?.["session_id"]);
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

async function ask<T>(person: SignedIn, tool: string, input: object): Promise<T> {
  const outcome = await person.call(tool, input, { via: "person" });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value as T;
}
const lastEntry = async () =>
  (
    await hospital.owner(
      "SELECT action, tool, detail, patient_ids FROM private.audit_entry WHERE staff_id = 'STF006' ORDER BY at DESC LIMIT 1",
    )
  ).rows[0];

interface Forensics {
  sessions: { session: string; staff_id: string; workstation: string; entries: number }[];
  total: number;
  opened: {
    patients: { patient_id: string; name: string | null; granted: number; refused: number }[];
    entries: { tool: string | null; action: string; at: string }[];
    total: number;
  } | null;
}

describe("session forensics", () => {
  test("tell everything that one session saw, in its order, and whom it affects, refusals apart", async () => {
    const { sessions, opened } = await ask<Forensics>(auditor, "get_session_forensics", { session });
    expect(sessions).toMatchObject([{ session, staff_id: "STF002", workstation: "test workstation" }]);
    expect(opened?.entries.map(({ tool, action }) => tool ?? action)).toEqual([
      "LOGIN",
      "LOGIN",
      "get_vital_signs",
      "get_allergies",
      "get_allergies",
      "list_ward",
    ]);
    const of = (number: string) => opened?.patients.find(({ patient_id }) => patient_id === number);
    expect(of(scene.ours.number)).toMatchObject({
      granted: 3,
      refused: 0,
      name: expect.stringMatching(/^[A-Z'-]+, /u),
    });
    expect(of(scene.theirs.number)).toMatchObject({ granted: 0, refused: 1 });
    expect(opened?.patients.length).toBeGreaterThan(10);
    expect(await lastEntry()).toMatchObject({
      action: "AUDIT_READ",
      tool: "get_session_forensics",
      detail: { reason: `asked for session ${session}` },
    });
  });

  test("find sessions by person, workstation and time, and none where there is none", async () => {
    const mine = await ask<Forensics>(auditor, "get_session_forensics", { staff_id: "STF002" });
    expect(new Set(mine.sessions.map(({ staff_id }) => staff_id))).toEqual(new Set(["STF002"]));
    expect(mine.opened).toBeNull();
    const now = new Date();
    const about = {
      from: new Date(now.getTime() - 3_600_000).toISOString(),
      to: now.toISOString(),
      workstation: "test workstation",
    };
    expect(
      (await ask<Forensics>(auditor, "get_session_forensics", about)).sessions.map((one) => one.session),
    ).toContain(session);
    const before = { to: "2001-01-01" };
    expect(await ask<Forensics>(auditor, "get_session_forensics", before)).toMatchObject({ sessions: [], total: 0 });
    expect(
      (await ask<Forensics>(auditor, "get_session_forensics", { session: "33333333-3333-4333-8333-333333333333" }))
        .opened,
    ).toMatchObject({ entries: [], patients: [] });
  });
});

test("who has looked at a patient is told by entry and by person, with no other patient in it, and is itself an entry about that patient", async () => {
  interface Accesses {
    people: { staff_id: string; granted: number; refused: number }[];
    entries: { tool: string; others: number; staff_id: string }[];
    total: number;
    name: string;
  }
  const found = await ask<Accesses>(auditor, "get_patient_accesses", { patient_id: scene.theirs.number });
  expect(found.people.find(({ staff_id }) => staff_id === "STF002")).toMatchObject({ granted: 0, refused: 1 });
  expect(found.total).toBe(found.entries.length);
  expect(await lastEntry()).toMatchObject({
    action: "AUDIT_READ",
    tool: "get_patient_accesses",
    patient_ids: [scene.theirs.id],
    detail: { patient: scene.theirs.number },
  });
  const again = await ask<Accesses>(auditor, "get_patient_accesses", { patient_id: scene.ours.number });
  expect(again.entries.find(({ tool }) => tool === "list_ward")?.others).toBeGreaterThan(5);
  expect(
    await ask<Accesses>(auditor, "get_patient_accesses", { patient_id: scene.ours.number, to: "2001-01-01" }),
  ).toMatchObject({ entries: [], people: [], total: 0 });
  expect(await auditor.call("get_patient_accesses", { patient_id: "NOBODY" }, { via: "person" })).toMatchObject({
    failure: { code: "PATIENT_NOT_FOUND" },
  });

  // The announcement opens this patient's list and nothing else of the audit.
  const raw = await signInDirectly(direct, accountOf("Auditor"));
  const said = await announce(direct, raw.token, "get_patient_accesses", { patient: scene.theirs.number });
  expect(await read(direct, raw.token, said.announcement, "SELECT count(*)::int AS n FROM api.audit_trail")).toEqual([
    { n: 0 },
  ]);
  const seen = await read(
    direct,
    raw.token,
    said.announcement,
    "SELECT count(*)::int AS n FROM api.patient_accesses(NULL, NULL, 1000, 0)",
  );
  expect(seen[0]?.["n"]).toBe(found.total + 1);
});

test("in one's own history no filter tells whether a refused number is a patient", async () => {
  const totals = await Promise.all(
    [scene.theirs.number, "NOBODY", scene.ours.number].map(
      async (patient_id) => (await ask<{ total: number }>(nurse, "get_my_access_history", { patient_id })).total,
    ),
  );
  const { rows } = await hospital.owner(
    "SELECT count(*)::int AS n FROM private.audit_entry WHERE staff_id = 'STF002' AND outcome = 'granted' AND $1 = ANY (patient_ids)",
    [scene.ours.id],
  );
  expect(totals).toEqual([0, 0, rows[0]?.["n"]]);
  expect(totals[2]).toBeGreaterThan(2);
  const own = await ask<{ entries: { staff_id: string; hash: string | null }[] }>(nurse, "get_my_access_history", {
    outcome: "denied",
    sort: "tool",
    direction: "ascending",
  });
  expect(own.entries.length).toBeGreaterThan(0);
  expect(new Set(own.entries.map(({ staff_id, hash }) => `${staff_id} ${hash}`))).toEqual(new Set(["STF002 null"]));
  expect(await nurse.call("get_my_access_history", { staff_id: "STF001" }, { via: "person" })).toMatchObject({
    failure: { code: "INVALID_INPUT" },
  });
});

test("pages in any order neither repeat nor leave out an entry", async () => {
  const to = new Date(Date.now() - 60_000).toISOString();
  for (const sort of ["at", "action", "outcome", "patients", "chain"] as const) {
    const places: string[] = [];
    for (let offset = 0; ; offset += 40) {
      const page = await ask<{ entries: { chain: string; sequence: number }[]; total: number }>(
        auditor,
        "get_audit_trail",
        { sort, direction: "ascending", offset, limit: 40, to },
      );
      places.push(...page.entries.map(({ chain, sequence }) => `${chain} ${sequence}`));
      if (offset + 40 >= page.total) {
        expect(places, sort).toHaveLength(page.total);
        break;
      }
    }
    expect(new Set(places).size, sort).toBe(places.length);
  }
});

test("nothing of this is anybody's who has not announced it, nor anybody's who may not", async () => {
  for (const call of [
    "SELECT * FROM api.audit_sessions(NULL, NULL, NULL, NULL, NULL, 10, 0)",
    "SELECT * FROM api.audit_session_patients('33333333-3333-4333-8333-333333333333')",
    "SELECT * FROM api.compare_audit_points('{}', '{}', '{}')",
  ])
    expect(await direct.refusal(call), call).toBe("42501");
  for (const call of [
    "SELECT * FROM api.patient_accesses(NULL, NULL, 10, 0)",
    "SELECT * FROM api.patient_access_people(NULL, NULL)",
    "SELECT * FROM api.audit_of_patient('FCE57')",
  ])
    expect(await direct.rows(call), call).toEqual([]);
  const doctor = await signInDirectly(direct, accountOf("Doctor"));
  for (const tool of ["get_session_forensics", "get_patient_accesses"])
    expect((await announce(direct, doctor.token, tool, { patient: scene.ours.number })).outcome).toBe("RBAC_DENIED");
});

describe("anchors by the workstation's login", () => {
  const statement = (text: string, values?: readonly unknown[]) => hospital.database.statement(text, values);

  test("one workstation at a time gets the heads, under a lease, and ids, numbers and hashes alone", async () => {
    expect(await direct.refusal("SELECT * FROM api.audit_heads(NULL, NULL, NULL)")).toBe("42501");
    expect(await direct.refusal("SELECT * FROM api.audit_heads(gen_random_uuid(), NULL, NULL)")).toBe("42501");
    expect(await direct.refusal("SELECT api.record_anchor(gen_random_uuid(), 'w', 1, '', '', '', 1)")).toBe("42501");
    const [claimed] = await direct.rows("SELECT * FROM api.claim_anchoring('WARD-5A-01', 900)");
    expect(claimed?.["lease"]).toMatch(/^[0-9a-f-]{36}$/u);
    expect(await direct.rows("SELECT lease FROM api.claim_anchoring('WARD-5B-01', 900)")).toEqual([{ lease: null }]);
    const heads = await direct.rows("SELECT * FROM api.audit_heads($1, NULL, NULL)", [claimed?.["lease"]]);
    expect(heads.length).toBeGreaterThan(3);
    expect(Object.keys(heads[0] ?? {})).toEqual(["id", "sequence", "hash"]);
    await direct.rows("SELECT api.record_anchor($1, 'WARD-5A-01', 1, 'r', 's', 'k', 3)", [claimed?.["lease"]]);
    // Given back by that, and for nobody until the time is over: the next turn is the same workstation's first.
    expect(await direct.refusal("SELECT * FROM api.audit_heads($1, NULL, NULL)", [claimed?.["lease"]])).toBe("42501");
    expect(await direct.rows("SELECT lease FROM api.claim_anchoring('WARD-5A-01', 1)")).toEqual([{ lease: null }]);
    await hospital.owner("UPDATE private.anchoring SET last_at = now() - interval '16 minutes'");
    expect(await direct.rows("SELECT lease FROM api.claim_anchoring('WARD-5B-01', 900)")).toEqual([{ lease: null }]);
    const [again] = await direct.rows("SELECT lease FROM api.claim_anchoring('WARD-5A-01', 900)");
    expect(again?.["lease"]).not.toBeNull();
    await hospital.owner("UPDATE private.anchoring SET last_at = now() - interval '21 minutes', leased_until = NULL");
    const [other] = await direct.rows("SELECT lease FROM api.claim_anchoring('WARD-5B-01', 900)");
    expect(other?.["lease"]).not.toBeNull();
    await hospital.owner("UPDATE private.anchoring SET last_at = NULL, leased_until = NULL");
  });

  test("are written as the app writes them, verified at the door, and on the health page", async () => {
    const folder = temporaryFolder();
    try {
      const key = openAnchorKey(newAnchorKey());
      const anchoring = new Anchoring({
        folder: folder.path,
        key,
        clock,
        port: workstationPort(statement, "WARD-5A-01", 900),
      });
      expect(
        await checkAnchorsHealth(statement, { writes: true, minutes: 15, running: 60, trouble: null }, clock),
      ).toMatchObject({ state: "bad" });
      expect(await anchoring.write()).toMatchObject({ number: 1 });
      expect(await anchoring.write(), "not due yet").toBeUndefined();
      expect(
        await checkAnchorsHealth(statement, { writes: true, minutes: 15, running: 60, trouble: null }, clock),
      ).toMatchObject({
        state: "good",
        figures: { last_anchor: 1, last_anchor_age_minutes: 0 },
      });
      await hospital.owner("UPDATE private.anchoring SET last_at = now() - interval '3 hours'");
      expect(
        await checkAnchorsHealth(statement, { writes: false, minutes: 15, running: 60, trouble: null }, clock),
      ).toMatchObject({ state: "bad" });
      expect(await anchoring.write()).toMatchObject({ number: 2 });
      const outcome = await database(folder.path);
      expect(outcome).toMatchObject({ state: "agree", anchors: 2, faults: [] });
      expect(outcome.notices.join()).toContain("compare with what was noted elsewhere");
      const { rows } = await hospital.owner(
        "SELECT workstation, detail FROM private.audit_entry WHERE action = 'AUDIT_ANCHORED' ORDER BY at DESC LIMIT 1",
      );
      expect(rows).toMatchObject([{ workstation: "WARD-5A-01", detail: { number: 2, key: key.id } }]);
    } finally {
      folder.remove();
    }
  });

  /** As "Verify chain" asks: within a request of an Auditor, with the workstation's login. */
  async function database(folder: string) {
    const token = auditor.session.databaseToken();
    const [said] = await hospital.database.statement(
      "SELECT announcement FROM api.announce($1, 'verify_audit_chain', '{}')",
      [token],
    );
    return hospital.database.request(token, String(said?.["announcement"]), async (query) => {
      const [state] = await query("SELECT installation FROM api.anchoring_state()");
      return checkAnchors({
        folder,
        installation: String(state?.["installation"]),
        compare: comparePoints(query, "api"),
        exclusive: true,
      });
    });
  }

  test("of another database are told apart from none", async () => {
    const folder = temporaryFolder();
    try {
      expect(await database(folder.path)).toMatchObject({ state: "not-checked" });
      const anchoring = new Anchoring({
        folder: folder.path,
        key: openAnchorKey(newAnchorKey()),
        clock,
        port: {
          begin: async () => ({
            installation: "44444444-4444-4444-8444-444444444444",
            heads: async () => [],
            now: async () => clock.now(),
            record: async () => undefined,
          }),
        },
      });
      await anchoring.write();
      expect(await database(folder.path)).toMatchObject({
        state: "differ",
        faults: [expect.stringContaining("44444444")],
      });
    } finally {
      folder.remove();
    }
  });
});
