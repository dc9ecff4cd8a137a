import type { Database } from "../database/pool";
import { beginAttempt, deriveKeysOf, type Workstation } from "../session/attempt";
import { forgetKeys } from "../session/password-keys";

/** Commits a counted attempt with this password and answers its id; whoever asked for the proof has it judged. */
export async function beginProof(
  database: Database,
  workstation: Workstation,
  username: string,
  password: string,
): Promise<string> {
  const keys = await deriveKeysOf(database.statement, username, password);
  try {
    return await beginAttempt(database, workstation, username, keys.auth);
  } finally {
    forgetKeys(keys);
  }
}
