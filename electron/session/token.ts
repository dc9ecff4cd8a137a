import { generateKeyPair, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { type Role, roleSchema } from "../../shared/access/roles";
import { Refusal } from "../../shared/failure";
import type { Clock } from "../clock";

const ALGORITHM = "EdDSA";
const ISSUER = "lamplight";
const AUDIENCE = "lamplight-door";
const TYPE = "at+jwt";
/** Seconds. A token is an internal capability; the session that counts is the database's. */
const LIFETIME = 15 * 60;

/** Whom a token speaks for. No patient data, ever. */
export interface Bearer {
  readonly staffId: string;
  readonly role: Role;
  readonly sessionId: string;
}

const claimsSchema = z.object({ sub: z.string().min(1), role: roleSchema, sid: z.uuid(), mfa: z.boolean() });

export interface AccessTokens {
  mint(bearer: Bearer): Promise<string>;
  /** Throws `Refusal("SESSION_EXPIRED")` for anything but an unexpired token of this process. */
  verify(token: string): Promise<Bearer>;
}

/** Signs with a key made for this process and never written down: a token does not outlive the app. */
export async function createAccessTokens(clock: Clock): Promise<AccessTokens> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { crv: "Ed25519" });
  // Counted from the start by the clock that nobody sets: a wall clock that jumps neither ends a session nor prolongs it.
  const start = clock.now().getTime() - clock.monotonic();
  const seconds = () => Math.floor((start + clock.monotonic()) / 1000);
  return {
    mint: (bearer) =>
      new SignJWT({ role: bearer.role, sid: bearer.sessionId, mfa: false })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(bearer.staffId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(seconds())
        .setNotBefore(seconds())
        .setExpirationTime(seconds() + LIFETIME)
        .sign(privateKey),
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: TYPE,
          currentDate: new Date(seconds() * 1000),
          requiredClaims: ["sub", "exp", "nbf", "iat", "role", "sid", "mfa"],
        });
        const claims = claimsSchema.parse(payload);
        return { staffId: claims.sub, role: claims.role, sessionId: claims.sid };
      } catch {
        throw new Refusal("SESSION_EXPIRED");
      }
    },
  };
}
