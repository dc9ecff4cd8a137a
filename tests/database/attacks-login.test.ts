import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { announce, connectDirectly, type Direct, type RawSession, signInDirectly, sqlState } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

/** What the workstation's login can do by itself, with every trick that its holder may know. */
let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
let nurse: RawSession;

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  nurse = await signInDirectly(direct, "demo_nurse");
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

async function openLeahsOverview(): Promise<void> {
  const { announcement } = await announce(direct, nurse.token, "get_patient_overview", { patient: scene.ours.number });
  await direct.rows("BEGIN READ ONLY");
  await direct.rows("SELECT api.open_request($1, $2)", [nurse.token, announcement]);
}

const refused: Readonly<Record<string, readonly string[]>> = {
  "becoming another role": [
    "SET ROLE lamplight_owner",
    "SET ROLE lamplight_reader",
    "SET ROLE lamplight_superuser",
    "SET LOCAL ROLE lamplight_owner",
    "SELECT set_config('role', 'lamplight_owner', false)",
    "SET SESSION AUTHORIZATION lamplight_owner",
    "SELECT set_config('session_authorization', 'lamplight_superuser', false)",
    "GRANT lamplight_owner TO lamplight_app",
    "ALTER ROLE lamplight_app SUPERUSER",
    "ALTER ROLE lamplight_app BYPASSRLS",
    "ALTER ROLE lamplight_owner LOGIN PASSWORD 'x'",
    "CREATE ROLE helper",
    "REASSIGN OWNED BY lamplight_owner TO lamplight_app",
    "DROP OWNED BY lamplight_owner",
  ],
  "making anything anywhere": [
    "CREATE TEMP TABLE t (x int)",
    "CREATE TEMP VIEW v AS SELECT 1",
    "CREATE TEMP SEQUENCE s",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION pgcrypto",
    "CREATE LANGUAGE plperl",
    "CREATE DATABASE mine",
    "CREATE TABLESPACE t LOCATION '/tmp'",
    "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION private.refuse_change()",
    "CREATE PUBLICATION p FOR ALL TABLES",
    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
    "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw",
    ...["public", "api", "guard", "private", "hospital", "pg_catalog", "migrations"].flatMap((schema) => [
      `CREATE TABLE ${schema}.t (x int)`,
      `CREATE FUNCTION ${schema}.f(text) RETURNS boolean LANGUAGE sql COST 0.0001 AS 'SELECT true'`,
      `CREATE OPERATOR ${schema}.<<< (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)`,
      `CREATE CAST (uuid AS int) WITH INOUT`,
      `CREATE DOMAIN ${schema}.d AS text`,
    ]),
    "SELECT lo_creat(-1)",
    "SELECT lo_create(4711)",
    "SELECT lo_from_bytea(0, 'x')",
  ],
  "reading or writing files and other servers": [
    "COPY (SELECT 1) TO '/tmp/x'",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY hospital.patient TO STDOUT",
    "COPY api.patient_overview FROM '/etc/passwd'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_binary_file('global/pg_control')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/x')",
    "SELECT dblink('', 'SELECT 1')",
    "LOAD 'auto_explain'",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
    "SELECT pg_cancel_backend(pg_backend_pid())",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SET log_min_messages = debug5",
    "SET session_replication_role = replica",
    "SELECT pg_reload_conf()",
    "SELECT pg_create_logical_replication_slot('s', 'pgoutput')",
  ],
  "secrets of the server": [
    "SELECT rolpassword FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_user_mapping",
    "SELECT subconninfo FROM pg_subscription",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_largeobject",
    "SELECT private.authentication_code('x')",
    "SELECT private.session_of('x')",
    "SELECT private.append_audit(NULL, NULL, NULL, NULL, 'LOGIN', NULL, 'granted', NULL, NULL, NULL)",
    "SELECT private.care_team_patients('STF002')",
    "SELECT private.leave('x', 'LOCK', '')",
    "SELECT (private.current_request()).*",
    "SELECT NULL::private.session",
  ],
};

describe.each(Object.entries(refused))("%s is refused:", (_, statements) => {
  test.each(statements)("%s", async (statement) => {
    // A statement that was only mistyped would prove nothing.
    expect(await direct.refusal(statement)).not.toMatch(/^(none|42601)$/);
  });
});

test("every table of the hospital, its secrets and its history is closed to reading, writing and locking", async () => {
  const tables =
    await direct.rows(`SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('hospital', 'private', 'migrations') AND c.relkind IN ('r', 'S')`);
  expect(tables.length).toBeGreaterThan(35);
  for (const name of tables.map((row) => String(row["name"])))
    for (const statement of [
      `SELECT * FROM ${name}`,
      `SELECT 1 FROM ${name}`,
      `DELETE FROM ${name}`,
      `TRUNCATE ${name}`,
      `INSERT INTO ${name} DEFAULT VALUES`,
      `BEGIN; LOCK TABLE ${name}`,
      `COPY ${name} FROM STDIN`,
      `DROP TABLE ${name}`,
      `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
    ])
      expect(await direct.refusal(statement), statement).toBe("42501");
});

test.each([
  "UPDATE private.audit_entry SET outcome = 'granted'",
  "DELETE FROM private.audit_entry",
  "TRUNCATE private.audit_entry",
  "INSERT INTO private.audit_entry SELECT * FROM private.audit_entry LIMIT 1",
  "UPDATE private.audit_chain SET sequence = 0",
  "ALTER TABLE private.audit_entry DISABLE TRIGGER append_only",
  "DROP TRIGGER append_only ON private.audit_entry",
  "INSERT INTO api.audit_trail (action) VALUES ('LOGIN')",
  "UPDATE api.audit_trail SET outcome = 'granted'",
  "DELETE FROM api.audit_trail",
  "INSERT INTO api.chats (id) VALUES (gen_random_uuid())",
  "DELETE FROM api.chat_messages",
  "UPDATE api.patient_overview SET given_name = ''",
])("inside an open request, %s is refused like outside", async (statement) => {
  await openLeahsOverview();
  expect(await direct.refusal(statement)).not.toBe("none");
  await direct.rows("BEGIN");
  expect(await direct.refusal(statement)).toMatch(/^(42501|55000)$/);
});

test.each([
  "UPDATE private.audit_entry SET outcome = 'granted'",
  "DELETE FROM private.audit_entry",
  "TRUNCATE private.audit_entry",
])("the audit refuses its own owner too: %s", async (statement) => {
  await hospital.owner("SET ROLE lamplight_owner");
  expect(sqlState(await hospital.owner(statement).catch((error: unknown) => error))).toBe("42501");
  await hospital.owner("RESET ROLE");
});

test("settings of one's own change nothing of what an open request shows", async () => {
  for (const setting of [
    "search_path = pg_temp, public, api",
    "row_security = off",
    "default_transaction_read_only = off",
    "enable_seqscan = off",
    "constraint_exclusion = on",
    "jit = on",
    "lamplight.role = 'Admin'",
  ]) {
    await openLeahsOverview();
    await direct.rows(`SET ${setting}`);
    const rows = await direct
      .rows("SELECT patient_id FROM api.patient_overview")
      .catch((error: unknown) => sqlState(error));
    // Without row security PostgreSQL refuses instead of showing everything.
    expect(rows, setting).toEqual(setting.startsWith("row_security") ? "42501" : [{ patient_id: scene.ours.id }]);
    await direct.rows("ROLLBACK");
    await direct.rows("RESET ALL");
  }
});

test("conditions of one's own see only the rows that the request shows", async () => {
  // Each fails on, or tells about, any row it is given: if it were asked before the policy, these would not end well.
  const leaks = [
    "1 / (CASE WHEN patient_number = 'FCE57' THEN 1 ELSE 0 END) = 1",
    "CASE WHEN patient_number <> 'FCE57' THEN patient_number::int = 0 ELSE true END",
    "(CASE WHEN patient_number <> 'FCE57' THEN patient_number || family_name ELSE '1' END)::int = 1",
    "(CASE WHEN patient_number <> 'FCE57' THEN family_name ELSE '{}' END)::jsonb IS NOT NULL",
    "set_config('test.seen', coalesce(current_setting('test.seen', true), '') || ',' || patient_number, false) IS NOT NULL",
  ];
  let seen: unknown;
  for (const leak of leaks) {
    await openLeahsOverview();
    expect(await direct.rows(`SELECT patient_number FROM api.patient_overview WHERE ${leak}`), leak).toEqual([
      { patient_number: "FCE57" },
    ]);
    // In the same transaction: behind PgBouncer no setting outlives it.
    seen = (await direct.rows("SELECT current_setting('test.seen', true) AS seen"))[0]?.["seen"];
    await direct.rows("COMMIT");
  }
  expect(seen).toBe(",FCE57");
  await openLeahsOverview();
  const joined = await direct.rows(
    "SELECT o.patient_number FROM api.patient_overview o LEFT JOIN api.patient_identity i ON 1/(o.patient_number = 'FCE57')::int = 1 LEFT JOIN api.allergy_status s ON true",
  );
  await direct.rows("COMMIT");
  expect(joined).toEqual([{ patient_number: "FCE57" }]);
});

test("the planner's statistics and estimates tell no name", async () => {
  await hospital.owner("ANALYZE");
  expect(await direct.rows("SELECT * FROM pg_stats WHERE schemaname IN ('hospital', 'private')")).toEqual([]);
  const plan = async (name: string) =>
    JSON.stringify(
      await direct.rows(`EXPLAIN SELECT 1 FROM api.patient_overview WHERE family_name = '${name}'`),
    ).replaceAll(name, "");
  const { rows } = await hospital.owner(
    "SELECT family_name FROM hospital.patient GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
  );
  expect(await plan(String(rows[0]?.["family_name"]))).toBe(await plan("Nobodyatall"));
});

test("another workstation's token and values are not in the list of running statements", async () => {
  const other = await connectDirectly(hospital);
  await other.rows("BEGIN");
  await other.rows("SELECT api.heartbeat($1)", [nurse.token]);
  const rows = await direct.rows("SELECT query FROM pg_stat_activity WHERE usename = current_user");
  expect(JSON.stringify(rows)).toContain("api.heartbeat($1)");
  expect(JSON.stringify(rows)).not.toContain(nurse.token);
  await other.rows("COMMIT");
  await other.end();
});
