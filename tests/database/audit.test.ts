import { afterAll, beforeAll, expect, test } from "vitest";
import { connectMcpTools } from "../../electron/mcp/mcp-tool-client";
import { createChatRecords } from "../../electron/records/chats";
import { tools } from "../../shared/tools/registry";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { cellOf, columns, tableTools } from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

let hospital: TestHospital;
let scene: Scene;
let nurse: SignedIn;
beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  nurse = await signedIn(hospital, accountOf("Nurse"));
});
afterAll(() => hospital.close());

interface Entry {
  readonly staff_id: string;
  readonly role: string;
  readonly action: string;
  readonly tool: string | null;
  readonly outcome: string;
  readonly patients: string[];
  readonly workstation: string;
  readonly detail: Record<string, unknown>;
}

/** What `work` left in the audit, oldest first. */
async function entriesOf(work: () => Promise<unknown>): Promise<Entry[]> {
  const position = async () =>
    (await hospital.owner("SELECT coalesce(max(xid::text::bigint), 0)::text AS x FROM private.audit_entry")).rows[0]?.[
      "x"
    ];
  const before = await position();
  await work();
  const { rows } = await hospital.owner(
    `SELECT staff_id, role, action, tool, outcome, workstation, detail,
       ARRAY(SELECT patient_number FROM hospital.patient p WHERE p.id = ANY (e.patient_ids) ORDER BY 1) AS patients
     FROM private.audit_entry e WHERE xid::text::bigint > $1 ORDER BY at`,
    [before],
  );
  return rows as unknown as Entry[];
}
const inputOf = (tool: (typeof tableTools)[number], patient: string) =>
  tools[tool].scope === "patient" ? { patient_id: patient } : tool === "find_patients" ? { query: patient } : {};

test.each(columns)("every read of a %s is one entry that says who, what, and which patient", async (role) => {
  const person = await signedIn(hospital, accountOf(role));
  const { staffId } = person.session.person();
  for (const tool of tableTools.filter((name) => cellOf(role, name) !== "denied")) {
    const [entry, ...more] = await entriesOf(() =>
      person.call(tool, inputOf(tool, scene.ours.number), { via: "person", audience: "person" }),
    );
    const action = {
      ACCESS: "ACCESS_GRANTED",
      PHI_ACCESS: "PHI_ACCESS",
      AUDIT_READ: "AUDIT_READ",
      WARD_SNAPSHOT: "WARD_SNAPSHOT",
    }[tools[tool].audit];
    expect(entry, tool).toMatchObject({
      staff_id: staffId,
      role,
      action,
      tool,
      outcome: "granted",
      workstation: "test workstation",
      detail: { via: "person" },
    });
    if (tools[tool].scope === "patient" || tool === "find_patients")
      expect(entry?.patients, tool).toEqual([scene.ours.number]);
    if (tool === "list_ward") expect(entry?.patients.length).toBeGreaterThan(10);
    expect(more).toEqual([]);
  }
});

test("nothing was disclosed in this file without an announcement that was committed before it", async () => {
  const { rows } = await hospital.owner(
    `SELECT a.id FROM private.announcement a WHERE NOT EXISTS (SELECT FROM private.audit_entry e
      WHERE e.xid = a.xid AND e.session_id = a.session_id AND e.tool IS NOT DISTINCT FROM a.tool AND e.patient_ids = a.patient_ids AND e.outcome = 'granted')`,
  );
  expect(rows).toEqual([]);
  expect(
    Number((await hospital.owner("SELECT count(*)::int AS n FROM private.announcement")).rows[0]?.["n"]),
  ).toBeGreaterThan(50);
});

test("the audit tells a person, their outside client and their assistant apart", async () => {
  const read = { patient_id: "FCE57" };
  const [person, client, assistant] = await entriesOf(async () => {
    await nurse.call("get_allergies", read, { via: "person" });
    await nurse.call("get_allergies", read, { via: "client" });
    await nurse.call("get_allergies", read, { via: "assistant" });
  });
  expect([person?.action, client?.action, assistant?.action]).toEqual(["ACCESS_GRANTED", "TOOL_CALL", "LLM_TOOL_CALL"]);
});

test("identity data is PHI_ACCESS whoever asks, with the reason it was revealed for", async () => {
  const doctor = await signedIn(hospital, accountOf("Doctor"));
  const entries = await entriesOf(async () => {
    for (const via of ["person", "client", "assistant"] as const)
      await doctor.call("get_patient_phi", { patient_id: "FCE57" }, { via });
    await doctor.call(
      "get_patient_phi",
      { patient_id: "FCE57" },
      { via: "person", reason: "ssn: Checking identity with the patient" },
    );
  });
  expect(entries.map((entry) => entry.action)).toEqual(Array(4).fill("PHI_ACCESS"));
  expect(entries[3]?.detail).toEqual({
    via: "person",
    patient: "FCE57",
    reason: "ssn: Checking identity with the patient",
  });
});

test("denials, unknown tools and patients not found are entries too, over MCP as at the door", async () => {
  const client = await connectMcpTools({
    door: nurse.door,
    accessToken: () => nurse.session.accessToken(),
    role: () => "Nurse",
    audience: "client",
    via: "client",
  });
  const entries = await entriesOf(async () => {
    await client.call("get_shifts", {});
    await client.call("drop_all_tables", { patient_id: "FCE57" });
    await client.call("get_allergies", { patient_id: scene.theirs.number });
    await client.call("get_allergies", { patient_id: "NOBODY" });
  });
  const denied = { action: "ACCESS_DENIED", staff_id: "STF002", role: "Nurse" };
  expect(entries).toMatchObject([
    { ...denied, tool: "get_shifts", outcome: "RBAC_DENIED", patients: [] },
    { ...denied, tool: null, outcome: "UNKNOWN_TOOL", detail: { asked: "drop_all_tables" } },
    { ...denied, tool: "get_allergies", outcome: "PATIENT_NOT_FOUND", patients: [scene.theirs.number] },
    { ...denied, tool: "get_allergies", outcome: "PATIENT_NOT_FOUND", patients: [], detail: { patient: "NOBODY" } },
  ]);
  await client.close();
});

test("what somebody searched for is not in the audit, only how long it was and whom it found", async () => {
  const [entry] = await entriesOf(() => nurse.call("find_patients", { query: "arnold" }, { via: "person" }));
  expect(entry).toMatchObject({ patients: ["FCE57"], detail: { via: "person", letters: 6 } });
  expect(JSON.stringify(entry)).not.toMatch(/arnold/i);
});

test("a sitting leaves sign-in, lock, unlock and sign-out, in the session's chain and in the installation's", async () => {
  const entries = await entriesOf(async () => {
    const person = await signedIn(hospital, accountOf("Billing"));
    person.session.lock("idle");
    await expect
      .poll(
        async () =>
          (
            await hospital.owner(
              "SELECT count(*)::int AS n FROM private.audit_entry WHERE staff_id = 'STF004' AND action = 'LOCK' AND workstation = 'test workstation'",
            )
          ).rows[0]?.["n"],
      )
      .toBe(1);
    await person.session.unlock("DemoPass123!");
    await person.session.signOut();
  });
  expect(entries.map((entry) => `${entry.action} ${entry.outcome}`)).toEqual([
    "LOGIN_ATTEMPT counted",
    "LOGIN granted",
    "LOGIN granted",
    "LOCK granted",
    "LOGIN_ATTEMPT counted",
    "UNLOCK granted",
    "UNLOCK granted",
    "LOGOUT granted",
  ]);
  expect(entries[1]?.detail).toMatchObject({ address: "127.0.0.1", version: "0.0.0" });
});

test("chats and model calls leave their shape, never a word of theirs", async () => {
  const chats = createChatRecords(hospital.database, nurse.session);
  const entries = await entriesOf(async () => {
    const chat = await chats.create("Is Leah allergic?");
    await chats.append(chat.id, {
      id: chat.id,
      author: "person",
      text: "Is Leah allergic?",
      at: chat.createdAt,
      toolCalls: [],
      incomplete: false,
      model: null,
    });
    await chats.recordModelCall({ model: { name: "a model", mode: "outside" }, outcome: "completed", toolCalls: 2 });
    await chats.open(chat.id);
    await chats.remove(chat.id);
  });
  expect(entries.map((entry) => [entry.action, entry.detail])).toEqual([
    ["CHAT_CHANGED", { change: "saved" }],
    ["LLM_CALL", { model: "a model", mode: "outside", toolCalls: 2 }],
    ["CHAT_READ", {}],
    ["CHAT_CHANGED", { change: "deleted" }],
  ]);
  expect(JSON.stringify(entries)).not.toContain("Leah");
});

test("the own history shows one's own entries only, and an Auditor's whole trail shows everybody's", async () => {
  const history = async (person: SignedIn, tool: "get_my_access_history" | "get_audit_trail") => {
    const outcome = await person.call(tool, { limit: 500 });
    return (outcome.ok ? outcome.value : {}) as unknown as {
      entries: { staff_id: string; at: string }[];
      total: number;
    };
  };
  const own = await history(nurse, "get_my_access_history");
  expect(new Set(own.entries.map((entry) => entry.staff_id))).toEqual(new Set(["STF002"]));
  const whole = await history(await signedIn(hospital, accountOf("Auditor")), "get_audit_trail");
  expect(new Set(whole.entries.map((entry) => entry.staff_id)).size).toBeGreaterThan(5);
  expect(whole.total).toBe((await hospital.owner("SELECT count(*)::int AS n FROM private.audit_entry")).rows[0]?.["n"]);
  expect(whole.entries.map((entry) => entry.at)).toEqual(
    whole.entries
      .map((entry) => entry.at)
      .sort()
      .reverse(),
  );
});
