import { may } from "../../shared/access/role-permissions";
import type { SealingKey } from "../sealing/seal";
import { type AccountRows, accountRows } from "../session/new-account";
import type { HashingParameters } from "../session/password-keys";
import type { DemoData } from "./demo-data";

/** Credentials of the six accounts, each with a salt and keys of its own. Two at a time: every derivation holds its memory. */
export async function credentialRows(
  data: DemoData,
  fieldKey: SealingKey,
  hashing: HashingParameters,
): Promise<AccountRows> {
  const people = data.staff.filter((person) => data.accounts.staff.includes(person.id));
  const made: AccountRows[] = [];
  const lane = async (): Promise<void> => {
    for (let person = people.shift(); person !== undefined; person = people.shift()) {
      // Only who may read some sealed identity data holds the key that opens it.
      const holdsFieldKey = may(person.role, "identity.read") || may(person.role, "insurance.read");
      const keys = await data.accounts.newKeys(person.id, hashing);
      made.push(accountRows(person.id, keys, holdsFieldKey ? fieldKey : undefined));
    }
  };
  await Promise.all([lane(), lane()]);
  return { credential: made.flatMap((rows) => rows.credential), sealed_key: made.flatMap((rows) => rows.sealed_key) };
}
