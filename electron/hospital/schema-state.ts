import { Refusal } from "../../shared/failure";
import { sqlStateOf } from "../database/failure";
import { migrationNames, numberOf } from "../database/migrate";
import type { Query } from "../database/pool";
import { strangeLogin } from "../database/workstation-login";

/** What a database says about itself: its last migration, and the oldest schema an app may have been built for. */
export interface SchemaState {
  readonly version: string;
  readonly oldestApp: string;
}

const UNDEFINED_FUNCTION = "42883";
const INVALID_SCHEMA = "3F000";

/** The number of the newest migration that this version came with. */
export async function ownSchema(folder: string): Promise<string> {
  const newest = (await migrationNames(folder)).at(-1);
  if (newest === undefined)
    throw new Refusal("SCHEMA_MISMATCH", "No migration files were found beside the application.");
  return numberOf(newest);
}

async function stateOf(query: Query): Promise<SchemaState | null> {
  const ask = async (text: string) => {
    try {
      return (await query(text))[0];
    } catch (error) {
      const refused = error instanceof Refusal && error.failure.code === "RBAC_DENIED";
      const missing = [UNDEFINED_FUNCTION, INVALID_SCHEMA, "42501"].includes(sqlStateOf(error) ?? "");
      if (refused || missing) return undefined;
      throw error;
    }
  };
  const state =
    (await ask("SELECT version, oldest_app FROM api.schema_state()")) ??
    // The first releases say no more than this, and work with exactly their own schema.
    (await ask("SELECT v AS version, left(v, 4) AS oldest_app FROM api.schema_version() AS v"));
  if (typeof state?.["version"] !== "string") return null;
  const version = numberOf(state["version"]);
  return { version, oldestApp: typeof state["oldest_app"] === "string" ? state["oldest_app"] : version };
}

/** Why an app built for schema `own` must not work with a database in this state; null where they fit. Closed by default. */
export function whyUnfit(own: string, state: SchemaState | null): string | null {
  const until = "Nothing is read or written until then; Lamplight goes on by itself.";
  if (state === null)
    return `The database holds no Lamplight schema that this login may use. IT prepares the database first. ${until}`;
  if (![own, state.version, state.oldestApp].every((number) => /^\d{4}$/u.test(number)))
    return `The database does not say which versions may work with it. Tell IT. ${until}`;
  if (state.version < own)
    return `The hospital's database is older than this version of Lamplight: it has schema ${state.version}, this version needs ${own}. IT migrates the database. ${until}`;
  if (state.oldestApp > own)
    return `This version of Lamplight is too old for the hospital's database: it was built for schema ${own}, the database needs ${state.oldestApp} or later. IT updates this workstation. ${until}`;
  return null;
}

/** Throws `SCHEMA_MISMATCH` with a sentence for the nurse and for IT. Touches no session. */
export async function refuseOtherSchema(query: Query, own: string): Promise<void> {
  const why = whyUnfit(own, await stateOf(query));
  if (why !== null) throw new Refusal("SCHEMA_MISMATCH", why);
}

/** An owner or superuser would walk round every row policy: the workstation must not work with one. */
export async function refuseStrangeLogin(query: Query): Promise<void> {
  const [row] = await query(strangeLogin);
  if (row?.["strange"] !== false)
    throw new Refusal(
      "DATABASE_REFUSED",
      "The database login is an owner or superuser. Use the workstation's login that IT made for Lamplight.",
    );
}
