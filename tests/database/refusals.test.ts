import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { issueOutboxKey, type OutboxKey, replayObservation } from "../../electron/records/outbox";
import { countRefusals, settleRefusal } from "../../electron/records/refused-observations";
import type { Role } from "../../shared/access/roles";
import type { RefusedObservation } from "../../shared/clinical/refused-observation";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { authenticated, ordinarySet, payloadOf } from "../support/outbox";
import { columns } from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
const people = {} as Record<Role, SignedIn>;
let key: OutboxKey;
beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  for (const role of columns) people[role] = await signedIn(hospital, accountOf(role));
  const author = await signInDirectly(direct, "demo_nurse");
  key = await issueOutboxKey(hospital.database, author.token);
});
beforeEach(() => hospital.owner("DELETE FROM private.outbox_refusal"));
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const token = (role: Role) => people[role].session.databaseToken();
const settle = (role: Role, id: string, decision: "taken" | "discarded" = "taken", reason = "measured with him") =>
  settleRefusal(hospital.database, token(role), id, decision, reason).then(
    () => "settled",
    (error: Error & { failure?: { code: string } }) => error.failure?.code ?? String(error),
  );
async function listOf(role: Role): Promise<RefusedObservation[]> {
  const outcome = await people[role].call("get_refused_observations");
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return (outcome.value as { entries: RefusedObservation[] }).entries;
}

/** A set that the nurse typed while the network was away and that was refused when it came; answers the id of the refusal. */
async function refuse(changes: Record<string, unknown> = {}, patient = scene.ours.number): Promise<string> {
  const early = new Date(Date.now() - 20 * 60_000).toISOString();
  const payload = payloadOf(key, patient, { recorded_at: early, ...changes });
  const answer = await replayObservation(hospital.database, authenticated(key, payload));
  expect(answer.outcome).toBe("refused");
  const { rows } = await hospital.owner("SELECT id FROM private.outbox_refusal WHERE payload = $1", [payload]);
  return String(rows[0]?.["id"]);
}
const setOf = async (id: string) =>
  (await hospital.owner("SELECT * FROM hospital.vital_signs WHERE id = $1", [id])).rows;
async function lastEntry(role: Role): Promise<unknown> {
  const { rows } = await hospital.owner(
    `SELECT action, outcome, patient_ids, detail FROM private.audit_entry WHERE staff_id = $1 AND tool = 'settle_refusal' ORDER BY at DESC LIMIT 1`,
    [people[role].session.person().staffId],
  );
  return rows[0];
}

describe("the list", () => {
  test("shows the care team name, place, author, time, figures and the reason, and its reading is audited", async () => {
    const id = await refuse();
    for (const role of ["Nurse", "Doctor"] as const) {
      const [entry] = await listOf(role);
      expect(entry).toMatchObject({
        id,
        patient_id: scene.ours.number,
        name: expect.stringMatching(/^ARNOLD, Leah/),
        ward: "5A",
        bed: "01",
        entered_by: people.Nurse.session.person().name,
        workstation: "a bare client",
        reason: "expired-key",
        observations: ordinarySet,
        can_be_taken: true,
      });
    }
    const { rows } = await hospital.owner(
      "SELECT action, patient_ids @> ARRAY[$2::uuid] AS named FROM private.audit_entry WHERE staff_id = $1 AND tool = 'get_refused_observations' ORDER BY at DESC LIMIT 1",
      [people.Doctor.session.person().staffId, scene.ours.id],
    );
    expect(rows).toEqual([{ action: "ACCESS_GRANTED", named: true }]);
  });

  test("of another ward's patient is for its author alone, who is not told whose number it is", async () => {
    await refuse({}, scene.theirs.number);
    await refuse({}, "ZZZZ9");
    const own = (await listOf("Nurse")).sort((one, two) =>
      String(one.patient_id).localeCompare(String(two.patient_id)),
    );
    expect(new Set(own.map(({ patient_id }) => patient_id))).toEqual(new Set([scene.theirs.number, "ZZZZ9"]));
    expect(own).toHaveLength(2);
    const shape = (entry: RefusedObservation | undefined) =>
      JSON.stringify({
        ...entry,
        id: null,
        entry_id: null,
        patient_id: null,
        recorded_at: null,
        entered_at: null,
        refused_at: null,
      });
    expect(shape(own[0])).toBe(shape(own[1]));
    expect(own[0]).toMatchObject({ name: null, ward: null, bed: null, can_be_taken: false });
    const raw = await direct.rows("SELECT announcement FROM api.announce($1, 'get_refused_observations')", [
      token("Nurse"),
    ]);
    await direct.rows("BEGIN READ ONLY");
    await direct.rows("SELECT api.open_request($1, $2)", [token("Nurse"), raw[0]?.["announcement"]]);
    const rows = await direct.rows("SELECT DISTINCT patient_id, family_name, ward_code FROM api.refused_observations");
    await direct.rows("COMMIT");
    expect(rows).toEqual([{ patient_id: null, family_name: null, ward_code: null }]);
    expect(await listOf("Doctor")).toEqual([]);
  });

  test("opens under no other announcement, not even one that shows vital signs", async () => {
    await refuse();
    for (const tool of ["get_vital_signs", "list_ward", "get_observation_form"]) {
      const [said] = await direct.rows("SELECT announcement FROM api.announce($1, $2, $3)", [
        token("Nurse"),
        tool,
        { patient: scene.ours.number },
      ]);
      await direct.rows("BEGIN READ ONLY");
      await direct.rows("SELECT api.open_request($1, $2)", [token("Nurse"), said?.["announcement"]]);
      const rows = await direct.rows("SELECT FROM api.refused_observations");
      await direct.rows("COMMIT");
      expect(rows, tool).toEqual([]);
    }
    expect(await direct.rows("SELECT FROM api.refused_observations")).toEqual([]);
    expect(await direct.refusal("SELECT FROM private.outbox_refusal")).toBe("42501");
  });

  test.each(columns)("%s: the figure on the screen counts what this person could settle", async (role) => {
    await refuse();
    await refuse({}, "ZZZZ9");
    expect(await countRefusals(hospital.database, token(role))).toBe({ Nurse: 2, Doctor: 1 }[role as string] ?? 0);
  });

  test("shows figures that cannot be, and what cannot be read at all, and offers to take over neither", async () => {
    const now = new Date().toISOString();
    await refuse({ recorded_at: now, set: { ...ordinarySet, systolic: 900 } });
    await refuse({ recorded_at: now, set: "eighty" });
    const entries = await listOf("Nurse");
    expect(entries.map(({ reason, can_be_taken }) => [reason, can_be_taken])).toEqual(
      Array(2).fill(["implausible", false]),
    );
    expect(entries.map(({ observations }) => observations?.systolic ?? null)).toEqual([900, null]);
  });
});

describe("taking over", () => {
  test("makes the set the colleague's own, once, and keeps who typed it where and when", async () => {
    const id = await refuse();
    expect(await settle("Doctor", id)).toBe("settled");
    const [row] = await setOf(id);
    expect(row).toMatchObject({
      patient_id: scene.ours.id,
      pulse: 84,
      recorded_by_id: people.Doctor.session.person().staffId,
      entered_by_id: people.Nurse.session.person().staffId,
      origin: "outbox",
      workstation: "a bare client",
    });
    expect(await lastEntry("Doctor")).toEqual({
      action: "OUTBOX_SETTLED",
      outcome: "granted",
      patient_ids: [scene.ours.id],
      detail: { refusal: id, decision: "taken" },
    });
    expect(await settle("Doctor", id)).toBe("settled");
    expect(await settle("Nurse", id)).toBe("ENTRY_SETTLED");
    expect(await settle("Doctor", id, "discarded")).toBe("ENTRY_SETTLED");
    expect(await listOf("Nurse")).toEqual([]);
    const outcome = await people.Nurse.call("get_vital_signs", { patient_id: scene.ours.number });
    const { vital_signs } = (outcome.ok ? outcome.value : {}) as { vital_signs: Record<string, unknown>[] };
    expect(vital_signs.find((set) => set["id"] === id)).toMatchObject({
      recorded_by: people.Doctor.session.person().name,
      entered_by: people.Nurse.session.person().name,
      origin: "outbox",
    });
  });

  test("and the entry that arrives once more is still refused: it is not in the chart twice", async () => {
    const id = await refuse();
    await settle("Doctor", id);
    const [kept] = (await hospital.owner("SELECT payload FROM private.outbox_refusal WHERE id = $1", [id])).rows;
    const again = authenticated(key, String(kept?.["payload"]));
    expect(await replayObservation(hospital.database, again)).toEqual({ outcome: "refused", reason: "expired-key" });
    expect(await setOf(JSON.parse(String(kept?.["payload"])).id)).toEqual([]);
  });

  test("by five people at once is one set", async () => {
    const id = await refuse();
    const answers = await Promise.all([1, 2, 3].flatMap(() => [settle("Doctor", id), settle("Nurse", id)]));
    expect(answers.filter((answer) => answer === "settled")).toHaveLength(3);
    expect(answers.filter((answer) => answer === "ENTRY_SETTLED")).toHaveLength(3);
    expect(await setOf(id)).toHaveLength(1);
  });

  test.each(columns.filter((role) => role !== "Nurse" && role !== "Doctor"))(
    "is not for %s, nor is putting aside",
    async (role) => {
      const id = await refuse();
      expect(await settle(role, id)).toBe("RBAC_DENIED");
      expect(await settle(role, id, "discarded")).toBe("RBAC_DENIED");
      expect(await lastEntry(role)).toMatchObject({ action: "ACCESS_DENIED", outcome: "RBAC_DENIED", patient_ids: [] });
      expect(await setOf(id)).toEqual([]);
    },
  );

  test("of what cannot be is refused and stays in the list", async () => {
    const id = await refuse({ recorded_at: new Date().toISOString(), set: { ...ordinarySet, systolic: 900 } });
    expect(await settle("Doctor", id)).toBe("INVALID_INPUT");
    expect(await listOf("Doctor")).toHaveLength(1);
  });

  test("of a time that has not come is refused until it has", async () => {
    const ahead = new Date(Date.now() + 600_000).toISOString();
    const id = await refuse({ recorded_at: ahead, entered_at: ahead });
    expect(await settle("Doctor", id)).toBe("INVALID_INPUT");
    expect(await setOf(id)).toEqual([]);
  });

  test("another ward's entry, nobody's and none at all are one answer to a colleague", async () => {
    const theirs = await refuse({}, scene.theirs.number);
    const nobodys = await refuse({}, "ZZZZ9");
    const answers = await Promise.all([theirs, nobodys, randomUUID()].map((id) => settle("Doctor", id)));
    expect(answers).toEqual(Array(3).fill("ENTRY_NOT_FOUND"));
  });
});

describe("putting aside", () => {
  test("needs a reason, deletes nothing and is in the audit without the reason's words", async () => {
    const id = await refuse();
    for (const reason of ["", "  ", "no"]) {
      const [row] = await direct.rows("SELECT * FROM api.settle_refusal($1, $2, 'discarded', $3)", [
        token("Nurse"),
        id,
        reason,
      ]);
      expect(row).toEqual({ outcome: "INVALID_INPUT", field: "reason" });
    }
    expect(await settle("Nurse", id, "discarded", "entered for the wrong bed")).toBe("settled");
    const { rows } = await hospital.owner(
      "SELECT decision, note, payload <> '' AS kept FROM private.outbox_refusal WHERE id = $1",
      [id],
    );
    expect(rows).toEqual([{ decision: "discarded", note: "entered for the wrong bed", kept: true }]);
    expect(JSON.stringify(await lastEntry("Nurse"))).not.toContain("wrong bed");
    expect(await setOf(id)).toEqual([]);
    expect(await listOf("Doctor")).toEqual([]);
  });

  test("one's own entry works whoever the patient is, and the own history tells nothing by it", async () => {
    const ids = [await refuse({}, scene.theirs.number), await refuse({}, "ZZZZ9")];
    for (const id of ids) {
      expect(await settle("Nurse", id)).toBe("PATIENT_NOT_FOUND");
      expect(await settle("Nurse", id, "discarded", "not my patient")).toBe("settled");
      expect(await lastEntry("Nurse")).toMatchObject({ action: "OUTBOX_SETTLED", patient_ids: [] });
    }
  });
});
