import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../shared/failure";
import {
  derivePasswordKeys,
  type HashingParameters,
  keysOfMaster,
  type PasswordKeys,
  type SaltedHashing,
} from "../session/password-keys";

const hashingSchema = z.strictObject({ memoryKib: z.int(), iterations: z.int(), parallelism: z.int() });
const bytes = (length: number) =>
  z
    .base64()
    .transform((text) => Buffer.from(text, "base64"))
    .refine((read) => read.length === length);
export const demoAccountsSchema = z.strictObject({
  about: z.string(),
  hashing: hashingSchema,
  staff: z.array(z.strictObject({ id: z.string(), salt: bytes(16), master: bytes(32) })),
});
const passwordSchema = z.strictObject({ about: z.string(), password: z.string() });

/** The accounts of the demo hospital: who can sign in, and what their public password derives to. */
export interface DemoAccounts {
  /** The staff ids of the accounts that can sign in. */
  readonly staff: readonly string[];
  /** The keys with which an account of the demo hospital begins. The caller forgets them. */
  newKeys(staffId: string, hashing: HashingParameters): Promise<PasswordKeys>;
  /**
   * The keys of the account whose salt this is. Throws `Refusal` SIGN_IN_FAILED where they are not known: the account has
   * another password by now, or was made by another version, and this is an installed app.
   */
  keysFor(hashing: SaltedHashing): Promise<PasswordKeys>;
}

/** The public password itself: in the source tree, and in no package. */
export async function readDemoPassword(folder: string): Promise<string | undefined> {
  try {
    return passwordSchema.parse(JSON.parse(await readFile(join(folder, "..", "demo-password.json"), "utf8"))).password;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** What a terminal says when the demo hospital is there. */
export async function demoLoadedWords(folder: string): Promise<string> {
  const password = await readDemoPassword(folder);
  return password === undefined
    ? "Loaded the demo hospital. The public password of its accounts is in Lamplight's README."
    : `Loaded the demo hospital. Its accounts' public password is ${password}.`;
}

const same = (one: HashingParameters, other: HashingParameters) =>
  one.memoryKib === other.memoryKib && one.iterations === other.iterations && one.parallelism === other.parallelism;

/** Reads `accounts.json` of resources/demo-hospital. It holds no password, and neither does the program. */
export async function readDemoAccounts(folder: string): Promise<DemoAccounts> {
  const { hashing, staff } = demoAccountsSchema.parse(
    JSON.parse(await readFile(join(folder, "accounts.json"), "utf8")),
  );
  const derived = async (salted: SaltedHashing): Promise<PasswordKeys> => {
    const password = await readDemoPassword(folder);
    if (password === undefined)
      throw new Refusal("SIGN_IN_FAILED", "This account does not open by one press here. Type its name and password.");
    return derivePasswordKeys(password, salted);
  };
  return {
    staff: staff.map(({ id }) => id),
    newKeys: async (staffId, wanted) => {
      const kept = staff.find(({ id }) => id === staffId);
      return kept && same(wanted, hashing)
        ? keysOfMaster(kept.master, { ...hashing, salt: kept.salt })
        : derived({ ...wanted, salt: randomBytes(16) });
    },
    keysFor: async (salted) => {
      const kept = same(salted, hashing) ? staff.find(({ salt }) => salt.equals(salted.salt)) : undefined;
      return kept ? keysOfMaster(kept.master, salted) : derived(salted);
    },
  };
}
