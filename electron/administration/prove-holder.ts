import { hostname } from "node:os";
import type { Database } from "../database/pool";
import { forgetCredentials, proveIdentity } from "../session/credentials";
import { inOwnersTransaction, type Owner } from "./owner";
import { AdministrationRefused } from "./refused";
import type { KeyHolder } from "./rotate-field-key";

/** The owner's connection as far as signing in needs one: every statement in a transaction of its own. */
function asDatabase(owner: Owner): Database {
  return {
    statement: (text, values) => inOwnersTransaction(owner, async (query) => (await query(text, values)).rows),
    request: () => Promise.reject(new Error("the owner opens no request")),
    onConnectionChange: () => undefined,
    close: async () => undefined,
  };
}

/**
 * Signs a person in over the owner's connection, counted and audited like any sign-in, hands what they hold to `work`, and
 * signs them out. Throws `Refusal` like the app's sign-in.
 */
export async function asKeyHolder<T>(
  owner: Owner,
  person: { readonly username: string; readonly password: string; readonly code?: string; readonly appVersion: string },
  work: (holder: KeyHolder) => Promise<T>,
): Promise<T> {
  const database = asDatabase(owner);
  const workstation = { name: hostname(), address: "command line", appVersion: person.appVersion };
  const credentials = await proveIdentity(database, workstation, person);
  try {
    if (!credentials.fieldKeys)
      throw new AdministrationRefused("This person does not hold the field key: their role may see no identity data.");
    return await work({
      staffId: credentials.person.staffId,
      role: credentials.person.role,
      fieldKeys: credentials.fieldKeys,
    });
  } finally {
    forgetCredentials(credentials);
    await database.statement("SELECT api.sign_out($1)", [credentials.token]).catch(() => undefined);
  }
}
