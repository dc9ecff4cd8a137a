import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMcpTools, type McpToolClient } from "../../electron/mcp/mcp-tool-client";
import { permissions } from "../../shared/access/permissions";
import type { Role } from "../../shared/access/roles";
import { REDACTED } from "../../shared/clinical/sensitivity";
import { tools } from "../../shared/tools/registry";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import {
  accessLevels,
  cellOf,
  columns,
  phiFields,
  screenOnly,
  seesPlaces,
  seesScores,
  shownInPhi,
  type TableTool,
  tableTools,
} from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

let hospital: TestHospital;
let scene: Scene;
let truth: Record<string, unknown>;
const people = {} as Record<Role, SignedIn>;
const clients = {} as Record<Role, McpToolClient>;

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  for (const role of columns) {
    const person = await signedIn(hospital, accountOf(role));
    people[role] = person;
    clients[role] = await connectMcpTools({
      door: person.door,
      accessToken: () => person.session.accessToken(),
      role: () => person.session.person().role,
      audience: "client",
      via: "client",
    });
  }
  // Something to judge: emergency access that a role may not ask for.
  const billing = people.Billing.session.databaseToken();
  await hospital.database.statement("SELECT api.announce_break_glass($1, 'FCE57', 'unconscious')", [billing]);
  truth = (await value("Admin", "get_patient_phi")) as Record<string, unknown>;
});
afterAll(() => hospital.close());

function inputOf(tool: TableTool, patient = scene.ours.number): Record<string, unknown> {
  if (tools[tool].scope === "patient") return { patient_id: patient };
  return tool === "find_patients" ? { query: patient } : {};
}

async function value(role: Role, tool: TableTool, patient?: string): Promise<unknown> {
  const outcome = await people[role].call(tool, inputOf(tool, patient));
  if (!outcome.ok) throw new Error(`${role} ${tool}: ${JSON.stringify(outcome.failure)}`);
  return outcome.value;
}

/** The fields a granted answer has, typed by hand. */
const fields: Readonly<Record<TableTool, readonly string[]>> = {
  get_patient_overview: ["patient_id", "name", "gender", "birth_year"],
  get_patient_phi: ["patient_id", "_access_level"],
  get_medical_records: ["patient_id", "records", "diagnoses", "procedures", "immunizations"],
  get_vital_signs: ["patient_id", "vital_signs", "observations"],
  get_medications: ["patient_id", "medications"],
  get_allergies: ["patient_id", "allergy_status", "allergies"],
  get_treatment_plans: ["patient_id", "resuscitation_status", "plans"],
  get_appointments: ["patient_id", "appointments"],
  get_admissions: ["patient_id", "admissions", "encounters"],
  get_my_shifts: ["shifts"],
  get_shifts: ["shifts"],
  find_patients: ["patients", "truncated"],
  list_ward: ["wards", "ward", "as_of", "patients"],
  get_ward_snapshot: ["wards", "as_of", "patients"],
  get_my_access_history: ["entries", "total", "offset"],
  get_audit_trail: ["entries", "total", "offset"],
  get_alerts: ["alerts", "truncated"],
  get_emergency_reviews: ["reviews", "truncated"],
  get_observation_form: ["patient_id", "birth_year", "pregnant", "spo2_scale"],
  get_refused_observations: ["entries", "as_of"],
  verify_audit_chain: ["intact", "chains", "entries", "faults", "anchors", "verified_at"],
  get_session_forensics: ["sessions", "total", "offset", "opened"],
  get_patient_accesses: ["patient_id", "name", "people", "entries", "total", "offset"],
};

function fieldsFor(role: Role, tool: TableTool): string[] {
  const expected = [...fields[tool]];
  if (tool === "get_patient_overview" && seesPlaces[role]) expected.push("ward", "bed");
  if (tool === "get_patient_phi") expected.push(...phiFields.filter((field) => shownInPhi(role, field) !== "absent"));
  return expected.sort();
}

const cells = columns.flatMap((role) => tableTools.map((tool) => ({ role, tool, cell: cellOf(role, tool) })));

describe("at the door", () => {
  test.each(cells.filter(({ cell }) => cell === "denied"))(
    "$role may not use $tool and is told by name what it lacks",
    async ({ role, tool }) => {
      const { permission, title } = tools[tool];
      expect(await people[role].call(tool, inputOf(tool))).toEqual({
        ok: false,
        failure: {
          code: "RBAC_DENIED",
          message: `Your role (${role}) may not use "${title}": it lacks the permission ${permission} (${permissions[permission]}).`,
        },
      });
    },
  );

  test.each(cells.filter(({ cell }) => cell !== "denied"))(
    "$role gets from $tool exactly the fields of the table",
    async ({ role, tool }) => {
      const answer = (await value(role, tool)) as Record<string, unknown>;
      expect(Object.keys(answer).sort()).toEqual(fieldsFor(role, tool));
      for (const [name, list] of Object.entries(answer))
        if (Array.isArray(list) && name !== "faults")
          expect(list.length, `${tool} ${name} is empty, so it proves nothing`).toBeGreaterThan(0);
    },
  );

  test.each(columns.filter((role) => accessLevels[role] !== null))(
    "%s reads the identity page field by field",
    async (role) => {
      const page = (await value(role, "get_patient_phi")) as Record<string, unknown>;
      for (const field of phiFields) {
        const shown = shownInPhi(role, field);
        expect(page[field], field).toEqual(
          shown === "absent" ? undefined : shown === "masked" ? REDACTED : truth[field],
        );
      }
      expect(page["_access_level"]).toBe(accessLevels[role]);
    },
  );

  test("the identity page that the others are compared with is a real one", () => {
    expect(truth["ssn"]).toMatch(/^\d{3}-\d{2}-\d{4}$/);
    expect(truth["email"]).toContain("@");
    expect(truth["date_of_birth"]).toMatch(/^1985-/);
    for (const field of phiFields) expect(truth[field], field).toEqual(expect.stringMatching(/.{4,}/));
  });

  test.each(columns)("%s reaches a patient of another ward only where the table says all", async (role) => {
    for (const tool of tableTools.filter((name) => tools[name].scope === "patient")) {
      const outcome = await people[role].call(tool, inputOf(tool, scene.theirs.number));
      const expected = { all: "ok", "care team": "PATIENT_NOT_FOUND", denied: "RBAC_DENIED", own: "?" }[
        cellOf(role, tool)
      ];
      expect(outcome.ok ? "ok" : outcome.failure.code, tool).toBe(expected);
    }
  });

  test.each(columns)("%s finds by number whom the overview would show, with the same fields", async (role) => {
    const found = (await value(role, "find_patients", scene.theirs.number)) as { patients: unknown[] };
    const everywhere = cellOf(role, "find_patients") === "all";
    expect(found.patients).toEqual(everywhere ? [await value(role, "get_patient_overview", scene.theirs.number)] : []);
  });

  test.each(columns.filter((role) => cellOf(role, "list_ward") !== "denied"))(
    "%s sees scores and doses on the ward list only with their permissions",
    async (role) => {
      const { patients } = (await value(role, "list_ward")) as { patients: Record<string, unknown>[] };
      const row = patients.find((candidate) => candidate["patient_id"] === scene.ours.number) ?? {};
      const expected = [
        "patient_id",
        "name",
        "gender",
        "birth_year",
        "ward",
        "bed",
        ...(seesScores[role] ? ["score", "score_trend", "medicines_due"] : []),
      ];
      expect(Object.keys(row).sort()).toEqual(expected.sort());
      const elsewhere = patients.some((candidate) => candidate["patient_id"] === scene.theirs.number);
      expect(elsewhere).toBe(cellOf(role, "list_ward") === "all");
    },
  );

  test.each(columns)("%s sees in their own shifts and history nobody else", async (role) => {
    const { staffId } = people[role].session.person();
    const { shifts } = (await value(role, "get_my_shifts")) as { shifts: { staff_id: string }[] };
    expect(new Set(shifts.map((shift) => shift.staff_id))).toEqual(new Set([staffId]));
    const { entries } = (await value(role, "get_my_access_history")) as { entries: { staff_id: string }[] };
    expect(new Set(entries.map((entry) => entry.staff_id))).toEqual(new Set([staffId]));
  });
});

describe("over MCP, with the official client", () => {
  test.each(columns)("%s is offered exactly the tools of their row", async (role) => {
    const offered = (await clients[role].listTools()).map((tool) => tool.name).sort();
    expect(offered).toEqual(
      tableTools.filter((tool) => cellOf(role, tool) !== "denied" && !screenOnly.includes(tool)).sort(),
    );
  });

  test.each(cells.filter(({ tool }) => !screenOnly.includes(tool)))(
    "$role calling $tool gets what the door gives",
    async ({ role, tool }) => {
      const overMcp = await clients[role].call(tool, inputOf(tool));
      const atTheDoor = await people[role].call(tool, inputOf(tool));
      const withoutMoment = (outcome: typeof overMcp) =>
        outcome.ok ? { ...outcome, value: { ...outcome.value, as_of: null } } : outcome;
      expect(withoutMoment(overMcp)).toEqual(withoutMoment(atTheDoor as typeof overMcp));
      expect(overMcp.ok).toBe(cellOf(role, tool) !== "denied");
    },
  );
});
