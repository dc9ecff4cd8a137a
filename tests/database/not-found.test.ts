import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMcpTools, type McpToolClient } from "../../electron/mcp/mcp-tool-client";
import type { Role } from "../../shared/access/roles";
import { tools } from "../../shared/tools/registry";
import { connectDirectly, type Direct, type RawSession, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { cellOf, columns, screenOnly, tableTools } from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
/** As long as a real number, and nobody's. */
const nobody = "ZZZZ9";
const clinicians = ["Doctor", "Nurse"] as const;
const patientTools = tableTools.filter((tool) => tools[tool].scope === "patient");
const people = {} as Record<Role, SignedIn>;
const clients = {} as Record<Role, McpToolClient>;
const sessions = {} as Record<Role, RawSession>;

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  for (const role of columns) {
    const person = await signedIn(hospital, accountOf(role));
    people[role] = person;
    clients[role] = await connectMcpTools({
      door: person.door,
      accessToken: () => person.session.accessToken(),
      role: () => role,
      audience: "client",
      via: "client",
    });
    sessions[role] = await signInDirectly(direct, accountOf(role));
  }
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

/** Every byte of an answer, with the number that was asked for taken out. */
const bytes = (answer: unknown, number: string) => JSON.stringify(answer).replaceAll(number, "<asked>");

async function rawBytes(role: Role, tool: string, number: string): Promise<string> {
  const { request, response } = await clients[role].callRaw(tool, { patient_id: number });
  const id = JSON.stringify((request as { id: unknown }).id);
  return bytes(response, number).replace(`"id":${id}`, '"id":0');
}

async function sqlBytes(role: Role, tool: string, number: string): Promise<string> {
  const rows = await direct.rows(
    "SELECT a::text AS row, pg_typeof(a.announcement)::text AS type FROM api.announce($1, $2, $3) a",
    [sessions[role].token, tool, JSON.stringify({ patient: number })],
  );
  return bytes(rows, number);
}

describe.each(clinicians)("to a %s", (role) => {
  test.each(patientTools.filter((tool) => cellOf(role, tool) !== "denied"))(
    "%s tells a patient off the care team from no patient by no byte",
    async (tool) => {
      const { theirs } = scene;
      const door = bytes(await people[role].call(tool, { patient_id: theirs.number }), theirs.number);
      expect(door).toContain("PATIENT_NOT_FOUND");
      expect(bytes(await people[role].call(tool, { patient_id: nobody }), nobody)).toBe(door);
      const mcp = await rawBytes(role, tool, theirs.number);
      // What only a screen asks is no tool at all to a client.
      expect(mcp).toContain(screenOnly.includes(tool) ? "UNKNOWN_TOOL" : "PATIENT_NOT_FOUND");
      expect(await rawBytes(role, tool, nobody)).toBe(mcp);
      const sql = await sqlBytes(role, tool, theirs.number);
      expect(sql).toContain("PATIENT_NOT_FOUND");
      expect(await sqlBytes(role, tool, nobody)).toBe(sql);
    },
  );

  test("a search for the one finds as little as a search for the other", async () => {
    const family = (await hospital.owner("SELECT family_name FROM hospital.patient WHERE id = $1", [scene.theirs.id]))
      .rows[0]?.["family_name"];
    const search = async (query: string) => bytes(await people[role].call("find_patients", { query }), query);
    expect(await search(String(family))).toBe(await search("Zzyzx"));
    expect(await search(scene.theirs.number)).toBe(await search(nobody));
  });

  test("a deleted patient of the own ward is one who does not exist", async () => {
    await hospital.owner("UPDATE hospital.patient SET deleted_at = now() WHERE id = $1", [scene.ours.id]);
    const deleted = await people[role].call("get_patient_overview", { patient_id: scene.ours.number });
    await hospital.owner("UPDATE hospital.patient SET deleted_at = NULL WHERE id = $1", [scene.ours.id]);
    expect(bytes(deleted, scene.ours.number)).toBe(
      bytes(await people[role].call("get_patient_overview", { patient_id: nobody }), nobody),
    );
  });

  test("the own access history does not tell them apart either, at the door or in SQL", async () => {
    for (const number of [scene.theirs.number, nobody])
      await people[role].call("get_patient_overview", { patient_id: number });
    const { staffId } = people[role].session.person();
    const outcome = await people[role].call("get_my_access_history", { outcome: "denied", limit: 20 });
    const { entries } = (outcome.ok ? outcome.value : {}) as unknown as {
      entries: { outcome: string; tool: string; detail: string }[];
    };
    const entryOf = (number: string) => {
      const entry = entries.find(
        (candidate) => candidate.tool === "get_patient_overview" && candidate.detail.includes(number),
      );
      return bytes({ ...entry, at: null, sequence: null }, number);
    };
    expect(entryOf(nobody)).toContain("PATIENT_NOT_FOUND");
    expect(entryOf(scene.theirs.number)).toBe(entryOf(nobody));
    const [said] = await direct.rows("SELECT announcement FROM api.announce($1, 'get_my_access_history')", [
      sessions[role].token,
    ]);
    await direct.rows("BEGIN READ ONLY");
    await direct.rows("SELECT api.open_request($1, $2)", [sessions[role].token, said?.["announcement"]]);
    const seen = await direct.rows(
      "SELECT patient_ids, patient_numbers FROM api.audit_trail WHERE outcome = 'PATIENT_NOT_FOUND' AND staff_id = $1",
      [staffId],
    );
    const ids = await direct.rows("SELECT guard.own_audited_patients() AS ids");
    await direct.rows("COMMIT");
    expect(seen.length).toBeGreaterThan(3);
    expect(new Set(seen.map((row) => JSON.stringify(row)))).toEqual(
      new Set(['{"patient_ids":[],"patient_numbers":[]}']),
    );
    expect(ids[0]?.["ids"]).not.toContain(scene.theirs.id);
  });
});

test("the audit itself knows which patient was asked for, and an Auditor reads it", async () => {
  await people.Nurse.call("get_allergies", { patient_id: scene.theirs.number });
  const outcome = await people.Auditor.call("get_audit_trail", {
    patient_id: scene.theirs.number,
    outcome: "denied",
    staff_id: "STF002",
  });
  const { entries } = (outcome.ok ? outcome.value : {}) as unknown as {
    entries: { patient_ids: string[]; tool: string }[];
  };
  expect(entries[0]).toMatchObject({ tool: "get_allergies", patient_ids: [scene.theirs.number] });
});

test("a denial depends on role and tool alone: whoever the patient, not a byte differs", async () => {
  const denied = columns.flatMap((role) =>
    patientTools.filter((tool) => cellOf(role, tool) === "denied").map((tool) => [role, tool] as const),
  );
  expect(denied.length).toBeGreaterThan(10);
  for (const [role, tool] of denied) {
    const answers = [scene.ours.number, scene.theirs.number, nobody];
    const door = await Promise.all(answers.map((patient_id) => people[role].call(tool, { patient_id })));
    expect(new Set(door.map((answer) => JSON.stringify(answer))).size, `${role} ${tool}`).toBe(1);
    expect(JSON.stringify(door[0])).toContain("RBAC_DENIED");
    const sql = await Promise.all(answers.map((number) => sqlBytes(role, tool, number)));
    expect(new Set(sql).size).toBe(1);
  }
});

test("a denied request leaves no trace in the audit of the patient it named", async () => {
  const { rows } = await hospital.owner(
    "SELECT DISTINCT patient_ids, detail ? 'patient' AS named FROM private.audit_entry WHERE outcome = 'RBAC_DENIED'",
  );
  expect(rows).toEqual([{ patient_ids: [], named: false }]);
});
