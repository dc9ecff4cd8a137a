import type { OwnerQuery } from "../database/pool";
import { type CatalogTable, everyTable, identifier, OWNER_ROLE, qualified } from "./catalog";

const ownRelations = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles o ON o.oid = n.nspowner AND o.rolname = '${OWNER_ROLE}'`;

/** Everything about the tables that loading touches for a while: flags and policies, constraints, triggers. In one text. */
async function guards(query: OwnerQuery): Promise<string> {
  const { rows } = await query(
    `SELECT coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE "C"), '') AS guards FROM (
       SELECT format('table %I.%I %s %s %s', n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl) AS line
         FROM ${ownRelations} WHERE c.relkind IN ('r', 'p')
       UNION ALL SELECT format('policy %s %s %s %s %s %s %s', p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive, p.polroles,
           pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
         FROM pg_policy p JOIN (SELECT c.oid FROM ${ownRelations}) t ON t.oid = p.polrelid
       UNION ALL SELECT format('constraint %s %s %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
         FROM pg_constraint k JOIN (SELECT c.oid FROM ${ownRelations}) t ON t.oid = k.conrelid
       UNION ALL SELECT format('trigger %s %s %s', g.tgrelid::regclass, g.tgenabled, pg_get_triggerdef(g.oid))
         FROM pg_trigger g JOIN (SELECT c.oid FROM ${ownRelations}) t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
     ) AS lines`,
  );
  return String(rows[0]?.["guards"]);
}

async function statements(query: OwnerQuery, text: string): Promise<{ now: string; afterwards: string }[]> {
  const { rows } = await query(text);
  return rows.map((row) => ({ now: String(row["now"]), afterwards: String(row["afterwards"]) }));
}

/** What has to be out of the way while rows are copied, and how it comes back: statements in pairs. */
async function obstacles(query: OwnerQuery): Promise<{ now: string; afterwards: string }[]> {
  return [
    // COPY FROM is not offered behind row policies, which are forced on the owner.
    ...(await statements(
      query,
      `SELECT format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY', n.nspname, c.relname) AS now,
              format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', n.nspname, c.relname) AS afterwards
         FROM ${ownRelations} WHERE c.relkind IN ('r', 'p') AND c.relforcerowsecurity ORDER BY 1`,
    )),
    // What a trigger once did is in the rows already.
    ...(await statements(
      query,
      `SELECT format('ALTER TABLE %I.%I DISABLE TRIGGER %I', n.nspname, c.relname, g.tgname) AS now,
              format('ALTER TABLE %I.%I ENABLE %s TRIGGER %I', n.nspname, c.relname,
                CASE g.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, g.tgname) AS afterwards
         FROM ${ownRelations} JOIN pg_trigger g ON g.tgrelid = c.oid WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND g.tgenabled <> 'D' ORDER BY 1`,
    )),
    // Checked by one join a table at the end, not row by row out of a queue in memory; and the order of tables is free.
    ...(await statements(
      query,
      `SELECT format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname) AS now,
              format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS afterwards
         FROM ${ownRelations} JOIN pg_constraint k ON k.conrelid = c.oid WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY 1`,
    )),
  ];
}

/**
 * Empties every table and runs `load` with forced row policies, triggers and foreign keys out of the way, within the
 * transaction that is open. They are put back before it answers, and compared with what they were.
 */
export async function whileOpenForLoading(
  query: OwnerQuery,
  load: (tables: readonly CatalogTable[]) => Promise<void>,
): Promise<void> {
  const before = await guards(query);
  const moved = await obstacles(query);
  for (const { now } of moved) await query(now);
  const tables = await everyTable(query);
  // A new schema brings rows of its own: an installation's secrets, the head of its audit. The backup's take their place.
  for (const table of tables) await query(`DELETE FROM ${qualified(table)}`);
  await load(tables);
  for (const { afterwards } of [...moved].reverse()) await query(afterwards);
  if ((await guards(query)) !== before)
    throw new Error("row policies, constraints or triggers are not what they were before loading");
}

export async function setSequence(
  query: OwnerQuery,
  sequence: { schema: string; name: string; value: string; called: boolean },
): Promise<void> {
  await query("SELECT setval($1::regclass, $2::bigint, $3)", [
    `${identifier(sequence.schema)}.${identifier(sequence.name)}`,
    sequence.value,
    sequence.called,
  ]);
}
