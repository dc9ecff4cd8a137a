import { redact } from "../../electron/redaction/redact";
import type { Caller, Door, ToolOutcome } from "../../electron/tools/door";
import { permissions } from "../../shared/access/permissions";
import { may, reachOf } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { REDACTED } from "../../shared/clinical/sensitivity";
import { failure } from "../../shared/failure";
import { isToolName, type ToolName, type ToolOutput, tools } from "../../shared/tools/registry";
import { type FictitiousPatient, fictitiousPatients, fictitiousShifts, wardNow } from "./fictitious-ward";

export interface MemoryDoor extends Door {
  readonly calls: { readonly name: string; readonly input: unknown; readonly caller: Caller }[];
  /** Called before each answer; a test makes it slow, or throws nothing but a failure. */
  before?: (name: string) => Promise<void>;
}

type Values = {
  readonly [N in ToolName]?: (patient: FictitiousPatient, role: Role) => Omit<ToolOutput<N>, "patient_id">;
};

const ofOne: Values = {
  get_patient_overview: ({ overview }, role) => placed(overview, role),
  get_patient_phi: ({ phi }, role) => identity(phi, role),
  get_medical_records: (patient) => patient.records,
  get_vital_signs: (patient) => patient.vitals,
  get_medications: (patient) => ({ medications: patient.medications }),
  get_allergies: (patient) => patient.allergies,
  get_treatment_plans: (patient) => ({ resuscitation_status: null, plans: patient.plans }),
  get_appointments: (patient) => ({ appointments: patient.appointments }),
  get_admissions: (patient) => patient.admissions,
};

/** The door's rules over a fixed ward in memory. The real one, over PostgreSQL, has tests of its own. */
export function createMemoryDoor(role: Role): MemoryDoor {
  const calls: MemoryDoor["calls"] = [];
  async function executeNamed(name: string, input: unknown, caller: Caller): Promise<ToolOutcome> {
    calls.push({ name, input, caller });
    await door.before?.(name);
    if (!isToolName(name)) return { ok: false, failure: failure("UNKNOWN_TOOL") };
    const { permission, title, output } = tools[name];
    if (!may(role, permission)) {
      const why = `Your role (${role}) may not use "${title}": it lacks the permission ${permission} (${permissions[permission]}).`;
      return { ok: false, failure: failure("RBAC_DENIED", why) };
    }
    const parsed = tools[name].input.safeParse(input);
    if (!parsed.success) return { ok: false, failure: failure("INVALID_INPUT", "The arguments do not fit.") };
    const value = answer(name, parsed.data as Record<string, string>, role);
    if (value === undefined) {
      const number = String((parsed.data as { patient_id?: string }).patient_id);
      return { ok: false, failure: failure("PATIENT_NOT_FOUND", `No patient ${number} on your wards or lists.`) };
    }
    return { ok: true, value: redact(output, output.parse(value), caller.audience) as never };
  }
  const door: MemoryDoor = {
    calls,
    executeNamed,
    execute: (name, input, caller) => executeNamed(name, input, caller) as Promise<ToolOutcome<typeof name>>,
  };
  return door;
}

function answer(name: ToolName, input: Record<string, string>, role: Role): unknown {
  const seen = fictitiousPatients.filter((patient) => reachOf(role, "overview.read") === "all" || patient.onCareTeam);
  if (name === "find_patients") {
    const words = String(input.query)
      .toLowerCase()
      .split(/[\s,]+/u);
    const fits = ({ overview }: FictitiousPatient) => {
      const parts = overview.name.toLowerCase().split(/[^a-z]+/u);
      return (
        overview.patient_id.toLowerCase() === words[0] ||
        words.every((word) => parts.some((part) => part.startsWith(word)))
      );
    };
    return { patients: seen.filter(fits).map(({ overview }) => placed(overview, role)), truncated: false };
  }
  if (name === "list_ward") return listWard(seen, input.ward, role);
  if (name === "get_my_shifts" || name === "get_shifts") return { shifts: fictitiousShifts };
  const patient = seen.find(({ overview }) => overview.patient_id === input.patient_id);
  const value = patient && ofOne[name as keyof typeof ofOne]?.(patient, role);
  return value && { patient_id: input.patient_id, ...value };
}

function placed(overview: FictitiousPatient["overview"], role: Role): FictitiousPatient["overview"] {
  if (may(role, "placement.read")) return overview;
  const { ward: _ward, bed: _bed, ...rest } = overview;
  return rest;
}

function identity(phi: FictitiousPatient["phi"], role: Role): FictitiousPatient["phi"] {
  const { patient_id, insurance_provider = null, insurance_number = null, date_of_birth = null } = phi;
  if (may(role, "identity.read")) return phi;
  if (may(role, "insurance.read"))
    return { patient_id, insurance_provider, insurance_number, _access_level: "insurance_only" };
  const masked = { ssn: REDACTED, address: REDACTED, phone: REDACTED, email: REDACTED, emergency_contact: REDACTED };
  return { patient_id, date_of_birth, ...masked, _access_level: "redacted" };
}

function listWard(seen: readonly FictitiousPatient[], wanted: string | undefined, role: Role) {
  const wards = [{ code: "5A", name: "Internal Medicine" }];
  const rows = seen.map(({ overview, vitals, medications }) => ({
    ...placed(overview, role),
    ...(may(role, "vital-signs.read") && { score: vitals.vital_signs[0]?.score ?? null, score_trend: [] }),
    ...(may(role, "medications.read") && {
      medicines_due: medications
        .filter((one) => one.status === "active" && one.due_times[0] !== undefined)
        .map((one) => ({
          generic: one.generic,
          dose: one.dose,
          due_at: `2026-04-05T${one.due_times.at(-1)}:00.000+01:00`,
        })),
    }),
  }));
  const ward = wards.find(({ code }) => code === wanted) ?? null;
  return { wards, ward, as_of: wardNow.toISOString(), patients: rows.filter((row) => !ward || row.ward === ward.code) };
}
