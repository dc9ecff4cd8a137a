import { afterAll, beforeAll, expect, test } from "vitest";
import { onCentralServer } from "../support/central/test-hospital";
import { dataViews } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";

/** What the catalog itself says of who may do what: a privilege too many fails here, whoever added it. */
let hospital: TestHospital;
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(() => hospital.close());

const ours = "('hospital', 'private', 'guard', 'api', 'migrations')";
async function list(text: string): Promise<string[]> {
  return (await hospital.owner(text)).rows.map((row) => String(row["name"])).sort();
}

const functions = [
  "api.add_person",
  "api.admit_patient",
  "api.anchoring_state",
  "api.announce",
  "api.announce_break_glass",
  "api.append_message",
  "api.audit_heads",
  "api.audit_of_patient",
  "api.audit_session_patients",
  "api.audit_sessions",
  "api.badge_holder",
  "api.begin_audit_export",
  "api.begin_badge_read",
  "api.begin_badge_unlock",
  "api.begin_sign_in",
  "api.break_glass_state",
  "api.change_password",
  "api.change_sign_in_rule",
  "api.claim_anchoring",
  "api.compare_audit_points",
  "api.confirm_second_factor",
  "api.count_refusals",
  "api.delete_chat",
  "api.demo_accounts",
  "api.disable_person",
  "api.drafts",
  "api.enable_person",
  "api.end_break_glass",
  "api.end_own_session",
  "api.end_sessions",
  "api.ending_of",
  "api.finish_audit_export",
  "api.finish_badge_unlock",
  "api.finish_sign_in",
  "api.free_beds",
  "api.grant_offline",
  "api.handle_alert",
  "api.hashing_parameters",
  "api.health",
  "api.heartbeat",
  "api.import_patient",
  "api.installation_status",
  "api.keep_draft",
  "api.keep_drafts_key",
  "api.keep_sealed_key",
  "api.key_links",
  "api.lock_session",
  "api.login_parameters",
  "api.open_break_glass",
  "api.open_request",
  "api.outbox_key",
  "api.own_account",
  "api.own_badge",
  "api.patient_access_people",
  "api.patient_accesses",
  "api.people",
  "api.person_sessions",
  "api.pulse",
  "api.record_anchor",
  "api.record_model_call",
  "api.record_usage",
  "api.record_vital_signs",
  "api.refresh_session",
  "api.remove_badge",
  "api.remove_second_factor",
  "api.rename_chat",
  "api.renew_recovery_codes",
  "api.replay_observation",
  "api.reset_password",
  "api.reset_second_factor",
  "api.review_break_glass",
  "api.save_chat",
  "api.schema_state",
  "api.schema_version",
  "api.sealed_keys",
  "api.set_badge",
  "api.settle_refusal",
  "api.shorten_idle",
  "api.shred_drafts",
  "api.sign_in_restriction",
  "api.sign_in_rules",
  "api.sign_out",
  "api.start_second_factor",
  "api.tell_offline_used",
  "api.unseal_session",
  "api.verify_audit",
  "api.whoami",
  "guard.alerted_patients",
  "guard.has_request",
  "guard.may_read_all",
  "guard.own_audited_patients",
  "guard.own_staff_id",
  "guard.readable",
  "guard.refused_observations",
];

/** Run by the commit itself, where the function that wrote the entry and its owner's rights are over. Nobody may call it. */
const triggers = ["private.watch_entry"];

test("the workstation's login may execute these functions of ours and no other", async () => {
  expect(
    await list(`SELECT n.nspname || '.' || p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname IN ${ours} AND has_function_privilege('lamplight_app', p.oid, 'EXECUTE')`),
  ).toEqual(functions);
});

test("the workstation's login may select from these views, and do nothing else to any relation", async () => {
  const rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];
  const held =
    await list(`SELECT r || ' ' || n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN unnest(ARRAY['${rights.join("','")}']) r
    WHERE n.nspname IN (${ours.slice(1, -1)}, 'public') AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND (has_table_privilege('lamplight_app', c.oid, r)
      OR (r IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege('lamplight_app', c.oid, r)))`);
  expect(held).toEqual(dataViews.map((view) => `SELECT api.${view}`).sort());
  expect(
    await list(`SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ${ours} AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege('lamplight_app', c.oid, 'USAGE, SELECT, UPDATE') END`),
  ).toEqual([]);
});

test("the workstation's login enters two schemas, creates nowhere, owns nothing and belongs to nobody", async () => {
  const may = (right: string) =>
    list(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_toast|^pg_temp' AND has_schema_privilege('lamplight_app', oid, '${right}')`,
    );
  expect(await may("USAGE")).toEqual(["api", "guard", "information_schema", "pg_catalog"]);
  expect(await may("CREATE")).toEqual([]);
  const rights = ["CONNECT", "CREATE", "TEMPORARY"];
  expect(
    await list(
      `SELECT r AS name FROM unnest(ARRAY['${rights.join("','")}']) r WHERE has_database_privilege('lamplight_app', current_database(), r)`,
    ),
  ).toEqual(["CONNECT"]);
  expect(
    await list(
      "SELECT classid::regclass || ' ' || objid AS name FROM pg_shdepend WHERE refobjid = 'lamplight_app'::regrole AND deptype = 'o'",
    ),
  ).toEqual([]);
  expect(
    await list("SELECT roleid::regrole AS name FROM pg_auth_members WHERE member = 'lamplight_app'::regrole"),
  ).toEqual([]);
  expect(
    (
      await hospital.owner(
        "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'lamplight_app'",
      )
    ).rows,
  ).toEqual([
    {
      rolsuper: false,
      rolinherit: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: true,
      rolreplication: false,
      rolbypassrls: false,
    },
  ]);
});

/** Who ran the migrations: the embedded server's superuser, or IT's login on a hospital's own server. */
const installer = onCentralServer ? "hospital_it" : "lamplight_superuser";

test("neither the owner nor the reader of the schema can log in or walk round a row policy, and nobody but the installer is in them", async () => {
  expect(
    await list(
      "SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'lamplight\\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole) AND rolname <> 'lamplight_superuser'",
    ),
  ).toEqual([]);
  expect(await list("SELECT rolname AS name FROM pg_roles WHERE rolcanlogin")).toEqual(
    onCentralServer ? ["hospital_it", "lamplight_app", "postgres"] : ["lamplight_app", "lamplight_superuser"],
  );
  expect(
    await list(
      "SELECT member::regrole || ' in ' || roleid::regrole AS name FROM pg_auth_members WHERE roleid::regrole::text LIKE 'lamplight%'",
    ),
  ).toEqual(["lamplight_owner", "lamplight_reader"].map((role) => `${installer} in ${role}`));
});

test("every function that runs with its owner's rights has a fixed search path, a plain owner and no statement built from text", async () => {
  const definers = `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles o ON o.oid = p.proowner WHERE n.nspname IN ${ours} AND p.prosecdef`;
  expect(await list(`SELECT n.nspname || '.' || p.proname AS name ${definers}`)).toEqual(
    [...functions, ...triggers].sort(),
  );
  expect(
    await list(
      `SELECT p.proname AS name ${definers} AND p.proconfig IS DISTINCT FROM ARRAY['search_path=pg_catalog, pg_temp']`,
    ),
  ).toEqual([]);
  expect(await list(`SELECT p.proname AS name ${definers} AND (o.rolsuper OR o.rolname <> 'lamplight_owner')`)).toEqual(
    [],
  );
  expect(await list(`SELECT p.proname AS name ${definers} AND p.prosrc ~* '\\mEXECUTE\\M'`)).toEqual([]);
});

test("what those functions call is as fixed: same owner, same path, no statement built from text", async () => {
  const all = `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ${ours}`;
  expect(
    await list(
      `SELECT p.proname AS name ${all} AND (p.proconfig IS DISTINCT FROM ARRAY['search_path=pg_catalog, pg_temp'] OR p.proowner <> 'lamplight_owner'::regrole OR p.prosrc ~* '\\mEXECUTE\\M')`,
    ),
  ).toEqual([]);
});

test("every table forces row policies, also on its owner", async () => {
  expect(
    await list(`SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('hospital', 'private') AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`),
  ).toEqual([]);
});

test("every view of api is a barrier and belongs to the reader, who is under the policies", async () => {
  expect(
    await list(`SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'api' AND c.relkind = 'v' AND (c.relowner <> 'lamplight_reader'::regrole OR NOT coalesce(c.reloptions @> '{security_barrier=true}', false))`),
  ).toEqual([]);
});

test("no policy lets the reader at a row without asking the guard", async () => {
  const { rows } = await hospital.owner(
    "SELECT tablename || ' ' || policyname AS name, cmd, coalesce(qual, '') AS qual FROM pg_policies WHERE 'lamplight_reader' = ANY (roles)",
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    expect(row["cmd"], String(row["name"])).toBe("SELECT");
    // The wrapped form runs once a statement; per row it would take a thousand times as long at a million patients.
    expect(row["qual"], String(row["name"])).toMatch(/\( SELECT guard\./);
  }
  const { rows: others } = await hospital.owner(
    "SELECT DISTINCT roles::text FROM pg_policies WHERE roles <> '{lamplight_reader}'",
  );
  expect(others).toEqual([{ roles: "{lamplight_owner}" }]);
});
