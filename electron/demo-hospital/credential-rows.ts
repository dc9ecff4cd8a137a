import { createHash, randomBytes } from "node:crypto";
import { may } from "../../shared/access/role-permissions";
import { newSealingKey, type SealingKey } from "../sealing/seal";
import { sealKeyFor } from "../sealing/sealed-keys";
import { derivePasswordKeys, forgetKeys, type HashingParameters } from "../session/password-keys";
import { demoAccountIds, demoPassword } from "./accounts";
import type { DemoData, DemoStaff } from "./demo-data";

const hex = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

export interface CredentialRows {
  readonly credential: Record<string, unknown>[];
  readonly sealed_key: Record<string, unknown>[];
}

async function rowsFor(person: DemoStaff, fieldKey: SealingKey, hashing: HashingParameters): Promise<CredentialRows> {
  const salt = randomBytes(16);
  const keys = await derivePasswordKeys(demoPassword, { salt, ...hashing });
  const personal = newSealingKey();
  // Only who may read some sealed identity data holds the key that opens it.
  const holdsFieldKey = may(person.role, "identity.read") || may(person.role, "insurance.read");
  const sealed = [
    {
      staff_id: person.id,
      purpose: "personal",
      key_id: personal.id,
      sealed: hex(sealKeyFor(keys.accountKeys, person.id, "personal", personal)),
    },
    ...(holdsFieldKey
      ? [
          {
            staff_id: person.id,
            purpose: "fields",
            key_id: fieldKey.id,
            sealed: hex(sealKeyFor(keys.accountKeys, person.id, "fields", fieldKey)),
          },
        ]
      : []),
  ];
  const credential = {
    staff_id: person.id,
    salt: hex(salt),
    memory_kib: hashing.memoryKib,
    iterations: hashing.iterations,
    parallelism: hashing.parallelism,
    verifier: hex(createHash("sha256").update(keys.auth).digest()),
  };
  forgetKeys(keys);
  personal.key.fill(0);
  return { credential: [credential], sealed_key: sealed };
}

/** Credentials of the six accounts, each with a salt and keys of its own. Two at a time: every derivation holds its memory. */
export async function credentialRows(
  data: DemoData,
  fieldKey: SealingKey,
  hashing: HashingParameters,
): Promise<CredentialRows> {
  const people = data.staff.filter((person) => demoAccountIds.some((id) => id === person.id));
  const made: CredentialRows[] = [];
  const lane = async (): Promise<void> => {
    for (let person = people.shift(); person !== undefined; person = people.shift())
      made.push(await rowsFor(person, fieldKey, hashing));
  };
  await Promise.all([lane(), lane()]);
  return { credential: made.flatMap((rows) => rows.credential), sealed_key: made.flatMap((rows) => rows.sealed_key) };
}
