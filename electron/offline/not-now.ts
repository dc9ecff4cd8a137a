import { Refusal } from "../../shared/failure";

const codes = new Set(["DATABASE_UNAVAILABLE", "DATABASE_BUSY", "DATABASE_REFUSED", "SCHEMA_MISMATCH"]);

/** Whether the database is away, or takes nothing now: what waits goes on waiting. */
export function isNotNow(error: unknown): boolean {
  return error instanceof Refusal && codes.has(error.failure.code);
}
