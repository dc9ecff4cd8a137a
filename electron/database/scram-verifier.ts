import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** PostgreSQL's own default, `scram_iterations`. */
const ITERATIONS = 4096;

/**
 * What PostgreSQL stores for SCRAM-SHA-256 (RFC 5803), computed here as psql's \password does: a statement that held the
 * password itself could end up in the server's log. Printable ASCII alone, so that no preparation of the text (SASLprep)
 * differs between clients.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  if (!/^[ -~]+$/u.test(password)) throw new Error("a login's password is printable ASCII");
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(hmac("Client Key")).digest();
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${stored.toString("base64")}:${hmac("Server Key").toString("base64")}`;
}
