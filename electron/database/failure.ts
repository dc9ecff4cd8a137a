import { type FailureCode, Refusal } from "../../shared/failure";
import { sqlStateOf, type Trouble, troubleOf } from "./trouble";

export { sqlStateOf } from "./trouble";

/** What an error of PostgreSQL about the statement itself means for a person. Its own text never goes further than here. */
const bySqlState: Readonly<Record<string, FailureCode>> = {
  "28000": "SESSION_EXPIRED",
  "42501": "RBAC_DENIED",
  P0002: "CHAT_NOT_FOUND",
};

export function refusalOf({ code, sentence }: Trouble): Refusal {
  return new Refusal(code, sentence);
}

/** Turns what the driver threw into a `Refusal` where a person can act on it; anything else is thrown as it came. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  const found = troubleOf(error);
  if (found) return refusalOf(found);
  const known = bySqlState[sqlStateOf(error) ?? ""];
  return known ? new Refusal(known) : error;
}

/** The same for what happens while a connection is made: `28000` there is about the workstation's login, not a session. */
export function asConnectionRefusal(error: unknown): unknown {
  return sqlStateOf(error) === "28000" ? new Refusal("DATABASE_REFUSED") : asRefusal(error);
}
