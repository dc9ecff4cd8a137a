import { z } from "zod";
import { migrationNames, numberOf } from "../database/migrate";
import type { Query } from "../database/pool";
import { bad, type Finding, good, warning } from "./finding";

const nameSchema = z
  .string()
  .regex(/^\d{4}_\w{1,60}\.sql$/u)
  .nullable()
  .catch(null);
const numberSchema = z
  .string()
  .regex(/^\d{4}$/u)
  .nullable()
  .catch(null);

interface Found {
  readonly schema: string | null;
  /** The oldest schema that an app may have been built for and still work here; null: only its own. */
  readonly oldestApp: string | null;
}

async function schemaOf(statement: Query): Promise<Found> {
  const [known] = await statement(
    "SELECT to_regprocedure('api.schema_state()') IS NOT NULL AS state, to_regprocedure('api.schema_version()') IS NOT NULL AS version",
  );
  if (known?.["state"] === true) {
    const [row] = await statement("SELECT version, oldest_app FROM api.schema_state()");
    return { schema: nameSchema.parse(row?.["version"]), oldestApp: numberSchema.parse(row?.["oldest_app"]) };
  }
  if (known?.["version"] !== true) return { schema: null, oldestApp: null };
  const [row] = await statement("SELECT api.schema_version() AS version");
  return { schema: nameSchema.parse(row?.["version"]), oldestApp: null };
}

/** Compares the database's schema with the newest migration that lies beside this version. */
export async function checkSchema(statement: Query, folder: string, version: string): Promise<Finding> {
  const expected = (await migrationNames(folder)).at(-1);
  const { schema, oldestApp } = await schemaOf(statement);
  const figures = { schema, expected_schema: expected ?? null, oldest_app_schema: oldestApp, app: version };
  if (expected === undefined) return bad("This installation has lost its own migrations. Install it again.", figures);
  if (schema === null) return bad("The database holds no schema of Lamplight that this login may use.", figures);
  const own = numberOf(expected);
  const theirs = numberOf(schema);
  if (theirs < own)
    return bad("The database's schema is older than this version needs. IT migrates it with lamplight-admin.", figures);
  if (own < (oldestApp ?? theirs))
    return bad("The database no longer admits this version. IT installs a newer one here.", figures);
  if (theirs > own)
    return warning("The database is newer and still admits this version. IT installs the newer one soon.", figures);
  return good("The database's schema is the one that this version was made for.", figures);
}
