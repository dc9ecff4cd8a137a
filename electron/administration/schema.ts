import { migrate, migrationNames } from "../database/migrate";
import { inOwnersTransaction, type Owner, recordAct } from "./owner";

/** How a database compares with the migrations of this version. */
export interface SchemaDifference {
  /** The newest migration that the database has; null: it was never prepared. */
  readonly version: string | null;
  readonly pending: readonly string[];
  /** Migrations of a newer version. */
  readonly unknown: readonly string[];
}

/** Only looks. `folder` holds this version's migrations. */
export async function compareSchema(owner: Owner, folder: string): Promise<SchemaDifference> {
  const here = await migrationNames(folder);
  const { rows: found } = await owner.query("SELECT to_regclass('migrations.applied') IS NOT NULL AS prepared");
  if (found[0]?.["prepared"] !== true) return { version: null, pending: here, unknown: [] };
  const { rows } = await owner.query("SELECT name FROM migrations.applied ORDER BY name");
  const applied = rows.map((row) => String(row["name"]));
  return {
    version: applied.at(-1) ?? null,
    pending: here.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !here.includes(name)),
  };
}

/** Creates or migrates; answers the migrations applied now. Throws `SchemaRefused` for a newer or edited schema. */
export async function prepareSchema(owner: Owner, folder: string): Promise<readonly string[]> {
  const applied = await migrate(owner.query, { folder });
  if (applied.length > 0)
    await inOwnersTransaction(owner, (query) =>
      recordAct(query, "SCHEMA_MIGRATED", { migrations: applied.length, last: applied.at(-1) }),
    );
  return applied;
}
