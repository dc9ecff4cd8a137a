import type { OwnerQuery } from "../database/pool";
import { everyTable, identifier, OWNER_ROLE, ownSchemaNames, qualified } from "./catalog";
import { BackupRefused } from "./refused";

/** Rows here make a database somebody's, beside every table of schema hospital. */
const telling = new Set(["private.credential", "private.session", "private.sealed_key"]);

/** What stood in an empty installation, for the audit of the one that takes its place. */
export interface Replaced {
  readonly auditEntries: number;
  /** Hexadecimal; of the installation's chain, empty where there was none. */
  readonly auditHead: string;
}

async function isThere(query: OwnerQuery, relation: string): Promise<boolean> {
  const { rows } = await query("SELECT to_regclass($1) IS NOT NULL AS known", [relation]);
  return rows[0]?.["known"] === true;
}

const rank = ({ schema, table }: { schema: string; table: string }) =>
  `${schema}.${table}` === "private.installation" ? 0 : schema === "hospital" ? 1 : 2;

/** Throws where the database holds a hospital, or as much as one row of one. Changes nothing. */
export async function refuseOccupied(query: OwnerQuery): Promise<Replaced> {
  const nothing = { auditEntries: 0, auditHead: "" };
  if ((await ownSchemaNames(query)).length === 0) return nothing;
  await query(`SET LOCAL ROLE ${OWNER_ROLE}`);
  const occupied = new BackupRefused(
    "This database holds a hospital already. A backup is restored into an empty one only.",
  );
  if (await isThere(query, "private.installation")) {
    const { rows } = await query("SELECT FROM private.installation WHERE loaded_at IS NOT NULL");
    if (rows.length > 0) throw occupied;
  }
  const tables = await everyTable(query);
  const refuseRows = async () => {
    for (const table of tables) {
      if (table.schema !== "hospital" && !telling.has(`${table.schema}.${table.table}`)) continue;
      const { rows } = await query(`SELECT FROM ${qualified(table)} LIMIT 1`);
      if (rows.length > 0) throw occupied;
    }
  };
  await refuseRows();
  // Empty as far as can be seen: somebody may be setting up a hospital that is not committed yet. Whoever is at it is waited
  // for, nobody else can begin, and then we look again. The installation first, which everybody who begins one reads first.
  const inOrder = [...tables].sort((one, other) => rank(one) - rank(other));
  if (inOrder.length > 0) await query(`LOCK TABLE ${inOrder.map(qualified).join(", ")} IN ACCESS EXCLUSIVE MODE`);
  await refuseRows();
  if (!(await isThere(query, "private.audit_entry"))) return nothing;
  const { rows } = await query(
    `SELECT (SELECT count(*)::int FROM private.audit_entry) AS entries,
            (SELECT encode(hash, 'hex') FROM private.audit_chain WHERE id = '00000000-0000-0000-0000-000000000000') AS head`,
  );
  return { auditEntries: Number(rows[0]?.["entries"]), auditHead: (rows[0]?.["head"] as string | null) ?? "" };
}

/** Takes an empty installation's schemas away, so that the backup's own can be made. After `refuseOccupied` alone. */
export async function dropEmptySchemas(query: OwnerQuery): Promise<void> {
  const own = await ownSchemaNames(query);
  await query("RESET ROLE");
  for (const schema of own) await query(`DROP SCHEMA ${identifier(schema)} CASCADE`);
  if (await isThere(query, "migrations.applied")) await query("DROP SCHEMA migrations CASCADE");
}
