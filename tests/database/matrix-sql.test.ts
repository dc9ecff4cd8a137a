import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChatRecords } from "../../electron/records/chats";
import type { Role } from "../../shared/access/roles";
import { tools } from "../../shared/tools/registry";
import {
  announce,
  connectDirectly,
  type DataView,
  type Direct,
  dataViews,
  type RawSession,
  signInDirectly,
} from "../support/direct";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import {
  cellOf,
  columns,
  phiFields,
  seesPlaces,
  seesScores,
  shownInPhi,
  type TableTool,
  tableTools,
} from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

/** The same matrix once more without the app: PostgreSQL's own answers to the workstation's login and a person's token. */
let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
const sessions = {} as Record<Role, RawSession>;

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  for (const role of columns) {
    const { session } = await signedIn(hospital, accountOf(role));
    const chats = createChatRecords(hospital.database, session);
    const chat = await chats.create("New chat");
    await chats.append(chat.id, {
      id: chat.id,
      author: "person",
      text: "hello",
      at: chat.createdAt,
      toolCalls: [],
      incomplete: false,
      model: null,
    });
    sessions[role] = await signInDirectly(direct, accountOf(role));
  }
  // Something to judge: emergency access that a role may not ask for.
  await direct.rows("SELECT api.announce_break_glass($1, 'FCE57', 'unconscious')", [sessions.Billing.token]);
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

/** The views that each announcement opens, typed by hand; everything else must stay empty under it. */
const opened: Readonly<Record<TableTool | "read_chats", readonly DataView[]>> = {
  get_patient_overview: ["patient_overview"],
  get_patient_phi: ["patient_identity", "patient_birth_date"],
  get_medical_records: ["medical_records", "diagnoses", "procedures", "immunizations"],
  get_vital_signs: ["vital_signs", "observations", "patient_overview"],
  get_medications: ["medications"],
  get_allergies: ["allergies", "allergy_status"],
  get_treatment_plans: ["treatment_plans", "resuscitation_status"],
  get_appointments: ["appointments"],
  get_admissions: ["admissions", "encounters"],
  get_my_shifts: ["shifts"],
  get_shifts: ["shifts"],
  find_patients: ["patient_overview"],
  list_ward: ["patient_overview", "vital_signs", "observations", "medications"],
  get_ward_snapshot: [
    "patient_overview",
    "patient_birth_date",
    "allergies",
    "allergy_status",
    "treatment_plans",
    "resuscitation_status",
    "medications",
    "vital_signs",
    "observations",
    "shifts",
  ],
  get_my_access_history: ["audit_trail"],
  get_audit_trail: ["audit_trail"],
  get_session_forensics: ["audit_trail"],
  get_patient_accesses: ["patient_overview"],
  verify_audit_chain: ["audit_trail"],
  get_alerts: ["alerts"],
  get_emergency_reviews: ["break_glass_reviews", "audit_trail"],
  get_observation_form: ["vital_signs", "observations", "patient_overview"],
  get_refused_observations: ["refused_observations", "vital_signs", "observations", "patient_overview"],
  read_chats: ["chats", "chat_messages"],
};

function openedFor(role: Role, tool: TableTool | "read_chats"): DataView[] {
  const clinical: DataView[] =
    tool === "list_ward" && !seesScores[role] ? ["vital_signs", "observations", "medications"] : [];
  if (tool === "get_patient_phi" && shownInPhi(role, "date_of_birth") !== "shown") clinical.push("patient_birth_date");
  // Names of wards stand on every screen; they need a request, but no permission of their own.
  return [...opened[tool].filter((view) => !clinical.includes(view)), "wards"];
}

function scopeOf(tool: TableTool | "read_chats", patient = scene.ours.number): object {
  if (tool === "find_patients") return { query: patient };
  return tool !== "read_chats" && tools[tool].scope === "patient" ? { patient } : {};
}

/** Every view read under one announcement, as JSON rows. */
async function everyView(
  role: Role,
  announcement: string | null,
): Promise<Record<DataView, Record<string, unknown>[]>> {
  const seen = {} as Record<DataView, Record<string, unknown>[]>;
  await direct.rows("BEGIN READ ONLY");
  if (announcement) await direct.rows("SELECT api.open_request($1, $2)", [sessions[role].token, announcement]);
  for (const view of dataViews)
    seen[view] = (await direct.rows(`SELECT to_jsonb(v) AS row FROM api.${view} v`)).map(
      (row) => row["row"] as Record<string, unknown>,
    );
  await direct.rows("COMMIT");
  return seen;
}

const withRows = (seen: Record<DataView, unknown[]>) => dataViews.filter((view) => seen[view].length > 0).sort();

describe.each(columns)("%s, without the app,", (role) => {
  const granted = tableTools.filter((tool) => cellOf(role, tool) !== "denied");

  test.each([...granted, "read_chats" as const])("reads under %s exactly the views that it opens", async (tool) => {
    const said = await announce(direct, sessions[role].token, tool, scopeOf(tool));
    expect(said.outcome).toBe("granted");
    expect(withRows(await everyView(role, said.announcement))).toEqual(openedFor(role, tool).sort());
  });

  test("reads about the announced patient and about nobody else", async () => {
    for (const tool of granted.filter((name) => tools[name].scope === "patient")) {
      const { announcement } = await announce(direct, sessions[role].token, tool, scopeOf(tool));
      const seen = await everyView(role, announcement);
      for (const view of openedFor(role, tool).filter((name) => name !== "wards"))
        expect(new Set(seen[view].map((row) => row["patient_id"])), `${tool} ${view}`).toEqual(
          new Set([scene.ours.id]),
        );
    }
  });

  test("is refused every announcement that the table denies, whoever the patient is", async () => {
    for (const tool of tableTools.filter((name) => cellOf(role, name) === "denied"))
      for (const patient of [scene.ours.number, scene.theirs.number, "NOBODY"])
        expect(await announce(direct, sessions[role].token, tool, scopeOf(tool, patient)), tool).toEqual({
          announcement: null,
          outcome: "RBAC_DENIED",
        });
  });

  test("sees of the identity page NULL or ciphertext where the table withholds, and never plain text", async () => {
    const said = await announce(direct, sessions[role].token, "get_patient_phi", { patient: scene.ours.number });
    const [row = {}] = (await everyView(role, said.announcement)).patient_identity;
    for (const field of phiFields) {
      const content = row[field] ?? null;
      if (shownInPhi(role, field) !== "shown") expect(content, field).toBeNull();
      else if (field === "date_of_birth" || field === "insurance_provider")
        expect(content, field).toEqual(expect.any(String));
      // Version 1 and the length of the key's id: sealed by a workstation, opened by none but a key holder's.
      else expect(content, field).toMatch(/^\\x01[0-9a-f]{60,}$/);
    }
  });

  test("sees ward and bed beside a name only if the table shows places", async () => {
    const said = await announce(direct, sessions[role].token, "get_patient_overview", { patient: scene.ours.number });
    const [row] = (await everyView(role, said.announcement)).patient_overview;
    expect([row?.["ward_code"], row?.["bed_code"], row?.["placement_shown"]]).toEqual(
      seesPlaces[role] ? ["5A", "01", true] : [null, null, false],
    );
  });

  test("sees of shifts and of the audit their own or the whole as the table says", async () => {
    const staffIn = async (tool: TableTool, view: DataView) => {
      const { announcement } = await announce(direct, sessions[role].token, tool);
      return new Set((await everyView(role, announcement))[view].map((row) => row["staff_id"]));
    };
    const own = new Set([sessions[role].staffId]);
    expect(await staffIn("get_my_shifts", "shifts")).toEqual(own);
    expect(await staffIn("get_my_access_history", "audit_trail")).toEqual(own);
    if (cellOf(role, "get_shifts") === "all") expect((await staffIn("get_shifts", "shifts")).size).toBeGreaterThan(5);
    if (cellOf(role, "get_audit_trail") === "all")
      expect((await staffIn("get_audit_trail", "audit_trail")).size).toBeGreaterThan(5);
  });
});

test("without a request every view is empty, also for the login that may read them all", async () => {
  expect(withRows(await everyView("Admin", null))).toEqual([]);
});

test("the rows that nobody saw are there", async () => {
  const tables = ["vital_signs", "medical_record", "patient_identity", "placement", "procedure", "encounter"];
  for (const table of tables) {
    const { rows } = await hospital.owner(`SELECT count(*)::int AS n FROM hospital.${table} WHERE patient_id = $1`, [
      scene.theirs.id,
    ]);
    expect(rows[0]?.["n"], table).toBeGreaterThan(0);
  }
});
