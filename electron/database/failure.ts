import { type FailureCode, Refusal } from "../../shared/failure";

/** What a PostgreSQL or connection error means for a person. The error's own text never goes further than here. */
const bySqlState: Readonly<Record<string, FailureCode>> = {
  "28000": "SESSION_EXPIRED",
  "42501": "RBAC_DENIED",
  P0002: "CHAT_NOT_FOUND",
  "57P01": "DATABASE_UNAVAILABLE",
  "57P02": "DATABASE_UNAVAILABLE",
  "57P03": "DATABASE_UNAVAILABLE",
  "53300": "DATABASE_UNAVAILABLE",
  "53100": "DATABASE_UNAVAILABLE",
  "28P01": "DATABASE_REFUSED",
  "3D000": "DATABASE_UNAVAILABLE",
};

const connectionTrouble = /^(ECONN|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EACCES|EAI_AGAIN)/u;

export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Turns what the driver threw into a `Refusal` where a person can act on it; anything else is thrown as it came. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  const code = sqlStateOf(error);
  if (code !== undefined) {
    const known = bySqlState[code];
    if (known) return new Refusal(known);
    if (connectionTrouble.test(code) || code.startsWith("08")) return new Refusal("DATABASE_UNAVAILABLE");
    return error;
  }
  const lost = /Connection terminated|timeout|Client was closed|not queryable|Cannot use a pool|read timeout/iu;
  if (error instanceof Error && lost.test(error.message)) return new Refusal("DATABASE_UNAVAILABLE");
  return error;
}
