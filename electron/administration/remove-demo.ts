import { readDemoData } from "../demo-hospital/demo-data";
import { LOADING_LOCK } from "../demo-hospital/load-demo-hospital";
import { inOwnersTransaction, type Owner, recordAct } from "./owner";
import { AdministrationRefused } from "./refused";

/**
 * What stays when the demo hospital goes: the audit for ever, and what belongs to the installation and not to a hospital. Any
 * other table of the schemas hospital and private is emptied, also one that a later version adds.
 */
export const keptTables: readonly string[] = [
  "private.audit_action",
  "private.audit_chain",
  "private.audit_entry",
  "private.installation",
  "private.role_permission",
  "private.sign_in_rule",
  "private.tool",
  "private.watch_rule",
];

/** What the demo hospital holds now, in numbers. */
export interface DemoContent {
  readonly patients: number;
  /** Of these, patients that were entered or imported here. */
  readonly patientsEntered: number;
  readonly staff: number;
  readonly chats: number;
  readonly sessions: number;
}

/** Refuses anything but a demo hospital whose staff is the demo's own. `folder` is resources/demo-hospital. */
export async function demoContent(owner: Owner, folder: string): Promise<DemoContent> {
  return inOwnersTransaction(owner, (query) => look(query, folder));
}

async function look(query: Owner["query"], folder: string): Promise<DemoContent> {
  const data = await readDemoData(folder);
  const { rows } = await query(
    `SELECT i.demo,
       (SELECT count(*) FROM hospital.staff) AS staff,
       (SELECT count(*) FROM hospital.staff WHERE id <> ALL ($1)) AS staff_of_others,
       (SELECT count(*) FROM hospital.patient) AS patients,
       (SELECT count(*) FROM hospital.patient WHERE patient_number <> ALL ($2)) AS patients_entered,
       (SELECT count(*) FROM hospital.chat) AS chats,
       (SELECT count(*) FROM private.session WHERE ended_at IS NULL AND expires_at > clock_timestamp()) AS sessions
     FROM private.installation i`,
    [data.staff.map((person) => person.id), data.patients.map((patient) => patient.number)],
  );
  const found = rows[0] ?? {};
  if (found["demo"] !== true)
    throw new AdministrationRefused("This database holds no demo hospital. Nothing was removed.");
  const others = Number(found["staff_of_others"]);
  if (others > 0)
    throw new AdministrationRefused(
      `${others} people have accounts here who are not the demo's own: this is no mere demo any more. Nothing was removed.`,
    );
  return {
    patients: Number(found["patients"]),
    patientsEntered: Number(found["patients_entered"]),
    staff: Number(found["staff"]),
    chats: Number(found["chats"]),
    sessions: Number(found["sessions"]),
  };
}

/** Empties the database but for the audit, which tells of it. A hospital or the demo can be set up in it again. */
export async function removeDemo(owner: Owner, folder: string): Promise<DemoContent> {
  return inOwnersTransaction(owner, async (query) => {
    await query("SELECT pg_advisory_xact_lock($1)", [LOADING_LOCK]);
    const content = await look(query, folder);
    const { rows } = await query(
      `SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname) AS tables
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('hospital', 'private') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND n.nspname || '.' || c.relname <> ALL ($1)`,
      [keptTables],
    );
    await query(`TRUNCATE ${String(rows[0]?.["tables"])} RESTART IDENTITY`);
    await query("UPDATE private.installation SET demo = false, loaded_at = NULL");
    await recordAct(query, "DEMO_REMOVED", { ...content });
    return content;
  });
}
