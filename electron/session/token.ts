import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { type Role, roleSchema } from "../../shared/access/roles";
import { Refusal } from "../../shared/failure";
import type { Clock } from "../clock";
import { openSigningKeys, type SigningKeys } from "./signing-keys";

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
  /** Whether a second factor opened the session. */
  readonly secondFactor: boolean;
  /** `offline`: for what needs no database, while that is away. */
  readonly scope?: "offline" | undefined;
}

const claimsSchema = z.object({
  sub: z.string().min(1),
  role: roleSchema,
  sid: z.uuid(),
  mfa: z.boolean(),
  scope: z.literal("offline").optional(),
});

export interface AccessTokens {
  mint(bearer: Bearer): Promise<string>;
  /** Throws `Refusal("SESSION_EXPIRED")` for anything but an unexpired token of this installation. */
  verify(token: string): Promise<Bearer>;
}

/**
 * Signs with the installation's key of the week; without `keys` with one made for this process and never written down. A token
 * names its key by an id that is only compared, never opened or fetched.
 */
export async function createAccessTokens(
  clock: Clock,
  keys: SigningKeys = openSigningKeys(clock),
): Promise<AccessTokens> {
  // Counted from the start by the clock that nobody sets: a wall clock that jumps neither ends a session nor prolongs it.
  const start = clock.now().getTime() - clock.monotonic();
  const seconds = () => Math.floor((start + clock.monotonic()) / 1000);
  const keyOf = ({ kid }: { kid?: unknown }) => {
    const key = keys.find(kid);
    if (!key) throw new Refusal("SESSION_EXPIRED");
    return key.publicKey;
  };
  return {
    mint: async (bearer) => {
      const key = keys.current();
      const { role, sessionId: sid, secondFactor: mfa, scope } = bearer;
      return new SignJWT({ role, sid, mfa, ...(scope ? { scope } : {}) })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: key.kid })
        .setSubject(bearer.staffId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(seconds())
        .setNotBefore(seconds())
        .setExpirationTime(seconds() + LIFETIME)
        .sign(key.privateKey);
    },
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, keyOf, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: TYPE,
          currentDate: new Date(seconds() * 1000),
          requiredClaims: ["sub", "exp", "nbf", "iat", "role", "sid", "mfa"],
        });
        const claims = claimsSchema.parse(payload);
        return {
          staffId: claims.sub,
          role: claims.role,
          sessionId: claims.sid,
          secondFactor: claims.mfa,
          scope: claims.scope,
        };
      } catch {
        throw new Refusal("SESSION_EXPIRED");
      }
    },
  };
}
