import { numberOf } from "../migrate";
import { sqlStateOf } from "../trouble";
import { strangeLogin } from "../workstation-login";
import type { Ask } from "./login";
import { type Finding, failed, passed } from "./step";

/** What this version of the app was built for. */
export interface ExpectedSchema {
  /** The newest migration that the app came with: its number, `0012`, or its name. */
  readonly version: string;
}

/** Whether this database is one that the workstation may work with. `standby` marks a good one that takes no writes. */
export async function judgeSchema(ask: Ask, expected: ExpectedSchema): Promise<Finding & { standby?: true }> {
  // The same question as at every start: an owner or superuser would walk round every row policy.
  const [role] = await ask(strangeLogin);
  if (role?.["strange"] !== false)
    return failed(
      "This login is an owner or superuser of the database. Use the workstation's login, which IT made for it.",
    );

  const state = await readState(ask);
  if (state === undefined)
    return failed(
      "The database holds no Lamplight hospital that this login may use. Check the database's name; IT prepares it with lamplight-admin.",
    );
  const own = numberOf(expected.version);
  const { version, oldestApp } = state;
  if (version < own)
    return failed(
      `The database is older than this version of Lamplight: its schema is ${version}, this version needs ${own}. IT brings it up to date with lamplight-admin.`,
    );
  if (oldestApp > own)
    return failed(
      `The database is newer than this version of Lamplight: it needs ${oldestApp} or later, this version was built for ${own}. IT updates Lamplight here.`,
    );

  const [writes] = await ask(
    "SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only')::boolean AS read_only",
  );
  if (writes?.["standby"] === true)
    return {
      ...failed(
        "This server is a standby: nobody can sign in until IT makes it the primary, or names the primary here.",
      ),
      standby: true,
    };
  if (writes?.["read_only"] === true)
    return { ...failed("The database is read-only: nobody can sign in until IT lets it write again."), standby: true };
  return passed(
    version > own
      ? `The database is newer (${version}) than this version of Lamplight (${own}) and still serves it.`
      : `The schema is ${version}, as this version needs it.`,
  );
}

const noSchema = new Set(["3F000", "42883", "42501", "42P01"]);

/** The first releases say their schema alone, and work with exactly that. Undefined: not Lamplight, or not for this login. */
async function readState(ask: Ask): Promise<{ version: string; oldestApp: string } | undefined> {
  for (const text of [
    "SELECT version, oldest_app FROM api.schema_state()",
    "SELECT v AS version, left(v, 4) AS oldest_app FROM api.schema_version() AS v",
  ])
    try {
      const [row] = await ask(text);
      const version = numberOf(String(row?.["version"]));
      const oldestApp = String(row?.["oldest_app"]);
      // Whatever else it is, it is not a number of ours: nothing is known about it.
      return [version, oldestApp].every((number) => /^\d{4}$/u.test(number)) ? { version, oldestApp } : undefined;
    } catch (error) {
      if (!noSchema.has(sqlStateOf(error) ?? "")) throw error;
    }
  return undefined;
}
