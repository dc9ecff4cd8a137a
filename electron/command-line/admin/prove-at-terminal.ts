import { Refusal } from "../../../shared/failure";
import { asKeyHolder } from "../../administration/prove-holder";
import type { KeyHolder } from "../../administration/rotate-field-key";
import type { AdminContext, Office } from "./office";

/** Asks for the password of a person who holds the field key, and for the code of their second factor where they have one. */
export async function proveAtTerminal<T>(
  { terminal, version }: AdminContext,
  { owner }: Pick<Office, "owner">,
  username: string,
  work: (holder: KeyHolder) => Promise<T>,
): Promise<T> {
  const password = await terminal.secret("LAMPLIGHT_PASSWORD", `Password of ${username}`);
  const person = { username, password, appVersion: version };
  try {
    return await asKeyHolder(owner, person, work);
  } catch (error) {
    if (!(error instanceof Refusal) || error.failure.code !== "CODE_REQUIRED") throw error;
    const code = await terminal.secret("LAMPLIGHT_CODE", `One-time code of ${username}`);
    return asKeyHolder(owner, { ...person, code }, work);
  }
}
