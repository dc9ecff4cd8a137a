import { type Permission, permissions } from "../../shared/access/permissions";
import { may, reachOf } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { filterWords } from "../../shared/audit/filter";
import { type Failure, type FailureCode, failure, failures, Refusal } from "../../shared/failure";
import type { Scope } from "../../shared/tools/declare";
import { isToolName, type ToolName, tools } from "../../shared/tools/registry";
import type { Clock } from "../clock";
import type { Database, Query } from "../database/pool";
import { redact } from "../redaction/redact";
import type { KeyRing } from "../sealing/key-ring";
import { alertRuns } from "./alert-runs";
import { auditRuns } from "./audit-runs";
import { announcedScope, type ToolContext, type ToolRun } from "./define-tool";
import type { Caller, Door, ToolOutcome } from "./door";
import { emergencyRuns } from "./emergency-runs";
import { observationRuns } from "./observation-runs";
import { patientRuns } from "./patient-runs";
import { wardRuns } from "./ward-runs";

/** What the door needs of the session: it asks on every call and keeps nothing. */
export interface DoorSession {
  verify(accessToken: string): Promise<{ readonly role: Role }>;
  databaseToken(): string;
  fieldKeys(ids: readonly string[], query: Query): Promise<KeyRing | undefined>;
  guarded<T>(work: () => Promise<T>): Promise<T>;
}

export interface DoorOptions {
  readonly session: DoorSession;
  readonly database: Database;
  readonly clock: Clock;
  /** Writes one line without data and answers the reference that finds it again. */
  readonly logUnexpected: (where: string, error: unknown) => string;
  /** The anchors of the audit that this workstation can read. */
  readonly anchors?: ToolContext["anchors"];
}

const runs = { ...patientRuns, ...wardRuns, ...auditRuns, ...alertRuns, ...emergencyRuns, ...observationRuns };

function denied(role: Role, name: ToolName): Failure {
  const { permission, title } = tools[name];
  return failure(
    "RBAC_DENIED",
    `Your role (${role}) may not use "${title}": it lacks the permission ${permission} (${permissions[permission]}).`,
  );
}

function notFound(role: Role, patientId: unknown): Failure {
  const place = reachOf(role, "overview.read") === "care-team" ? "on your wards or lists" : "in this hospital";
  // The same words for everybody of the role, whether there is such a patient or not.
  const emergency = may(role, "break-glass.use") ? " In an emergency, break glass." : "";
  return failure(
    "PATIENT_NOT_FOUND",
    `No patient ${String(patientId)} ${place}. Check the number on the wristband.${emergency}`,
  );
}

function invalid(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Failure {
  const words = issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join(".") || "arguments"}: ${issue.message}`);
  return failure("INVALID_INPUT", words.join("; ").slice(0, 500));
}

/** The longest text that is told back as a number that nobody has. */
const LONGEST_NUMBER = 40;

/** What was asked for, where nothing is wrong with the arguments but that no patient can have such a number. */
function malformedNumber(
  input: unknown,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): string | undefined {
  const asked = (input as { readonly patient_id?: unknown } | null)?.patient_id;
  if (typeof asked !== "string" || asked.length > LONGEST_NUMBER) return undefined;
  return issues.every(({ path }) => path[0] === "patient_id") ? asked : undefined;
}

/** The filter of a reading of the audit, in words; the patient of a tool about one is announced as such. */
function lookedFor(asked: Record<string, unknown>, scope: Scope): { reason?: string } {
  const reason = filterWords(scope === "patient" ? { ...asked, patient_id: undefined } : asked);
  return reason === "" ? {} : { reason };
}

/** A patient who left the care team since the announcement reads as an empty chart: that is refused, never told. */
async function stillReadable(query: Query, permission: Permission): Promise<void> {
  const [row] = await query("SELECT cardinality(guard.readable($1)) AS patients", [permission]);
  if (row?.["patients"] !== 1) throw new Refusal("PATIENT_NOT_FOUND");
}

/**
 * The one door to patient data, the same for a nurse, the assistant and an MCP client: permission, parse, announce in a
 * committed transaction of its own, read under row policies, parse the answer, redact it for the audience.
 */
export function createDoor(options: DoorOptions): Door {
  const { session, database, clock } = options;

  async function announce(token: string, action: string, scope: Record<string, unknown>) {
    const rows = await database.statement("SELECT announcement, outcome FROM api.announce($1, $2, $3)", [
      token,
      action,
      JSON.stringify(scope),
    ]);
    return { announcement: rows[0]?.["announcement"] as string | null, outcome: String(rows[0]?.["outcome"]) };
  }

  async function enter(name: string, input: unknown, caller: Caller): Promise<ToolOutcome> {
    const { role } = await session.verify(caller.accessToken);
    const token = session.databaseToken();
    const why = { via: caller.via, ...(caller.reason ? { reason: caller.reason } : {}) };
    const refuse = async (asked: string) => announce(token, asked, why);
    if (!isToolName(name)) {
      await refuse(name);
      return { ok: false, failure: failure("UNKNOWN_TOOL") };
    }
    if (caller.via !== "person" && !tools[name].offered) {
      // For anybody but a screen it does not exist. Under its own name PostgreSQL would grant it.
      await refuse(`not offered: ${name}`);
      return { ok: false, failure: failure("UNKNOWN_TOOL") };
    }
    const tool = tools[name];
    if (!may(role, tool.permission)) {
      await refuse(name);
      return { ok: false, failure: denied(role, name) };
    }
    const parsed = tool.input.safeParse(input ?? {});
    if (!parsed.success) {
      const malformed = tool.scope === "patient" ? malformedNumber(input, parsed.error.issues) : undefined;
      if (malformed !== undefined) {
        // As long on its way as any other number. What was typed is not kept: it may be a name, or a password.
        await announce(token, name, { patient: "malformed", ...why });
        return { ok: false, failure: notFound(role, malformed) };
      }
      await announce(token, name, { ...why, invalid: "true" });
      return { ok: false, failure: invalid(parsed.error.issues) };
    }
    const asked = parsed.data as Record<string, unknown>;
    const said = await announce(token, name, {
      ...announcedScope(asked),
      // Reading the audit is audited with what was looked for.
      ...(tool.audit === "AUDIT_READ" ? lookedFor(asked, tool.scope) : {}),
      ...why,
    });
    if (said.outcome === "PATIENT_NOT_FOUND") return { ok: false, failure: notFound(role, asked["patient_id"]) };
    if (said.outcome === "RBAC_DENIED") return { ok: false, failure: denied(role, name) };
    if (said.announcement === null) throw new Error("an announcement without an outcome that we know");
    try {
      const value = await database.request(token, said.announcement, async (query: Query) => {
        const run = runs[name] as ToolRun<ToolName>;
        const [answer] = await Promise.all([
          run(
            {
              query,
              role,
              now: clock.now(),
              fieldKeys: (ids) => session.fieldKeys(ids, query),
              anchors: options.anchors,
            },
            parsed.data as never,
          ),
          ...(tool.scope === "patient" ? [stillReadable(query, tool.permission)] : []),
        ]);
        return answer;
      });
      return { ok: true, value: redact(tool.output, tool.output.parse(value), caller.audience) as never };
    } catch (error) {
      // Discharged between the announcement and the reading: the answer of a patient who does not exist.
      if (error instanceof Refusal && error.failure.code === "PATIENT_NOT_FOUND")
        return { ok: false, failure: notFound(role, asked["patient_id"]) };
      throw error;
    }
  }

  async function executeNamed(name: string, input: unknown, caller: Caller): Promise<ToolOutcome> {
    try {
      return await session.guarded(() => enter(name, input, caller));
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, failure: error.failure };
      const code: FailureCode = "UNEXPECTED";
      return { ok: false, failure: { code, message: failures[code], reference: options.logUnexpected("door", error) } };
    }
  }

  return {
    executeNamed,
    execute: (name, input, caller) => executeNamed(name, input, caller) as Promise<ToolOutcome<typeof name>>,
  };
}
