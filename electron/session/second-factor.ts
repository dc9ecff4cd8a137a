import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { Refusal } from "../../shared/failure";
import type { Enrolment } from "../../shared/session/sign-in";
import type { Database } from "../database/pool";
import { base32 } from "./base32";

/** How many recovery codes a person gets, and the random bytes of each: 80 bits. */
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

/** Codes that open the account once each, and the hashes that alone leave this process. */
export interface RecoveryCodes {
  readonly shown: string[];
  readonly hashes: Buffer[];
}

/** Sixteen letters and digits in groups of four; hashed without the dashes, as PostgreSQL reads what is typed. */
export function newRecoveryCodes(): RecoveryCodes {
  const bare = Array.from({ length: RECOVERY_CODES }, () => base32(randomBytes(RECOVERY_BYTES)));
  return {
    shown: bare.map((code) => (code.match(/.{4}/gu) ?? []).join("-")),
    hashes: bare.map((code) => createHash("sha256").update(code, "utf8").digest()),
  };
}

/** What an authenticator app reads from the QR code (the key URI format that all of them know). */
export function keyUri(username: string, secret: string): string {
  const label = `Lamplight:${encodeURIComponent(username)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=Lamplight&algorithm=SHA1&digits=6&period=30`;
}

const startedSchema = z.object({ outcome: z.string(), secret: z.instanceof(Buffer).nullable() });

/** What an answer of PostgreSQL about a proof means for who gave it; anything else is handed on. */
export function refuseProof(outcome: unknown, wrong: "SIGN_IN_FAILED" | "CODE_WRONG" = "SIGN_IN_FAILED"): void {
  if (outcome === "locked") throw new Refusal("ACCOUNT_LOCKED");
  if (outcome === "failed") throw wrong === "CODE_WRONG" ? new Refusal("CODE_WRONG") : wrongPassword();
}

export const wrongPassword = () => new Refusal("SIGN_IN_FAILED", "The password is wrong.");

/** Begins an enrolment. `attempt` was begun with the person's own proof; `code` is one of the second factor that they have. */
export async function startSecondFactor(
  database: Database,
  token: string,
  attempt: string,
  username: string,
  code?: string,
): Promise<Enrolment> {
  const rows = await database.statement("SELECT * FROM api.start_second_factor($1, $2, $3)", [
    token,
    attempt,
    code ?? null,
  ]);
  const { outcome, secret } = startedSchema.parse(rows[0]);
  refuseProof(outcome, code === undefined ? "SIGN_IN_FAILED" : "CODE_WRONG");
  if (!secret) throw new Refusal("UNEXPECTED");
  const encoded = base32(secret);
  secret.fill(0);
  return { uri: keyUri(username, encoded), secret: encoded };
}

/** Confirms it by the first code from the authenticator. Answers the recovery codes, once. Throws CODE_WRONG. */
export async function confirmSecondFactor(database: Database, token: string, code: string): Promise<string[]> {
  const { shown, hashes } = newRecoveryCodes();
  const [row] = await database.statement("SELECT api.confirm_second_factor($1, $2, $3) AS outcome", [
    token,
    code,
    hashes,
  ]);
  if (row?.["outcome"] !== "confirmed") throw new Refusal("CODE_WRONG");
  return shown;
}

const absent = () => new Refusal("INVALID_INPUT", "There is no second factor.");

export async function removeSecondFactor(
  database: Database,
  token: string,
  attempt: string,
  code: string,
): Promise<void> {
  const [row] = await database.statement("SELECT api.remove_second_factor($1, $2, $3) AS outcome", [
    token,
    attempt,
    code,
  ]);
  refuseProof(row?.["outcome"], "CODE_WRONG");
  if (row?.["outcome"] === "required")
    throw new Refusal(
      "SECOND_FACTOR_REQUIRED",
      "Your role needs a second factor. You can set up another in its place.",
    );
  if (row?.["outcome"] === "none") throw absent();
}

export async function renewRecoveryCodes(
  database: Database,
  token: string,
  attempt: string,
  code: string,
): Promise<string[]> {
  const { shown, hashes } = newRecoveryCodes();
  const [row] = await database.statement("SELECT api.renew_recovery_codes($1, $2, $3, $4) AS outcome", [
    token,
    attempt,
    code,
    hashes,
  ]);
  refuseProof(row?.["outcome"], "CODE_WRONG");
  if (row?.["outcome"] === "none") throw absent();
  return shown;
}
