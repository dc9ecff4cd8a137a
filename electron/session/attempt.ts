import { z } from "zod";
import { roleSchema } from "../../shared/access/roles";
import { momentSchema } from "../../shared/clinical/identifiers";
import { Refusal } from "../../shared/failure";
import type { Database, Query } from "../database/pool";
import { derivePasswordKeys, type HashingParameters, type PasswordKeys, type SaltedHashing } from "./password-keys";

/** Where somebody signs in; told to the audit with every session. */
export interface Workstation {
  readonly name: string;
  readonly address: string;
  readonly appVersion: string;
}

const parametersSchema = z.object({ memory_kib: z.int(), iterations: z.int(), parallelism: z.int() });
const saltedSchema = parametersSchema.extend({ salt: z.instanceof(Buffer) });

export const grantedSchema = z.object({
  outcome: z.literal("granted"),
  token: z.string(),
  refresh: z.string(),
  session_id: z.uuid(),
  staff_id: z.string(),
  username: z.string(),
  name: z.string(),
  role: roleSchema,
  department: z.string(),
  started_at: momentSchema,
  expires_at: momentSchema,
  /** This session was opened with a code. */
  second_factor: z.boolean(),
  /** What its person must do before it opens anything. */
  restricted: z.enum(["password-change", "enrolment"]).nullable(),
});
export type Granted = z.output<typeof grantedSchema>;

function camel(found: z.output<typeof parametersSchema>): HashingParameters {
  return { memoryKib: found.memory_kib, iterations: found.iterations, parallelism: found.parallelism };
}

/** What somebody typed; or, where one press stands for it, what answers the keys that it would derive to. */
export type Secret = string | ((salted: SaltedHashing) => Promise<PasswordKeys>);

/** The keys of a password, by the salt and the parameters that PostgreSQL names for this username. */
export async function deriveKeysOf(query: Query, username: string, secret: Secret): Promise<PasswordKeys> {
  const rows = await query("SELECT * FROM api.login_parameters($1)", [username]);
  const found = saltedSchema.parse(rows[0]);
  const salted = { salt: found.salt, ...camel(found) };
  return typeof secret === "string" ? derivePasswordKeys(secret, salted) : secret(salted);
}

/** The Argon2id parameters that a new password gets. */
export async function hashingOfNewPasswords(query: Query): Promise<HashingParameters> {
  return camel(parametersSchema.parse((await query("SELECT * FROM api.hashing_parameters()"))[0]));
}

/** First transaction: the attempt is committed, counted as a failed one. Answers its id. */
export async function beginAttempt(
  database: Database,
  workstation: Workstation,
  username: string,
  proof: Buffer,
): Promise<string> {
  const begun = await database.statement("SELECT api.begin_sign_in($1, $2, $3, $4, $5) AS attempt", [
    username,
    proof,
    workstation.name,
    workstation.address,
    workstation.appVersion,
  ]);
  return String(begun[0]?.["attempt"]);
}

export interface AttemptOptions {
  readonly username: string;
  readonly proof: Buffer;
  readonly code?: string | undefined;
  /** The locked session of the same person that this continues. */
  readonly renews?: string | undefined;
}

/**
 * Both transactions: the attempt is committed as a failed one, then exactly that one is judged. Throws `Refusal`
 * SIGN_IN_FAILED (CODE_WRONG where a code came) or ACCOUNT_LOCKED.
 */
export async function attemptSignIn(
  database: Database,
  workstation: Workstation,
  { username, proof, code, renews }: AttemptOptions,
): Promise<Granted | { readonly outcome: "code_required" }> {
  const attempt = await beginAttempt(database, workstation, username, proof);
  const finished = await database.statement("SELECT * FROM api.finish_sign_in($1, $2, $3)", [
    attempt,
    code ?? null,
    renews ?? null,
  ]);
  const outcome = finished[0]?.["outcome"];
  if (outcome === "locked") throw new Refusal("ACCOUNT_LOCKED");
  if (outcome === "code_required") return { outcome };
  if (outcome !== "granted") throw new Refusal(code === undefined ? "SIGN_IN_FAILED" : "CODE_WRONG");
  return grantedSchema.parse(finished[0]);
}
