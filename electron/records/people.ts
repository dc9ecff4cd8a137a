import { z } from "zod";
import type { Role } from "../../shared/access/roles";
import {
  type SessionSummary,
  type SignInRule,
  type StaffAccount,
  sessionSummarySchema,
  signInRuleSchema,
  staffAccountSchema,
} from "../../shared/account/account";
import { type FailureCode, Refusal } from "../../shared/failure";
import type { Database } from "../database/pool";

/** The accounts of the staff, for who manages them. PostgreSQL decides who that is, and writes down every act and refusal. */
export interface People {
  list(token: string): Promise<StaffAccount[]>;
  sessions(token: string, staffId: string): Promise<SessionSummary[]>;
  endSessions(token: string, staffId: string, sessionId: string | undefined, reason: string): Promise<number>;
  disable(token: string, staffId: string, reason: string): Promise<void>;
  enable(token: string, staffId: string): Promise<void>;
  add(token: string, person: NewPerson, account: StoredAccount): Promise<void>;
  resetPassword(token: string, staffId: string, reason: string, account: StoredAccount): Promise<void>;
  resetSecondFactor(token: string, staffId: string, reason: string): Promise<void>;
  rules(token: string): Promise<SignInRule[]>;
  changeRule(token: string, rule: SignInRule): Promise<void>;
}

export interface NewPerson {
  readonly staffId: string;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly department: string;
}

/** What an account signs in with: the credential and the data keys sealed under it. */
export interface StoredAccount {
  readonly credential: object;
  readonly keys: readonly object[];
}

const refusals: Readonly<Record<string, readonly [FailureCode, string?]>> = {
  RBAC_DENIED: ["RBAC_DENIED"],
  PERSON_NOT_FOUND: ["PERSON_NOT_FOUND"],
  USERNAME_TAKEN: ["USERNAME_TAKEN"],
  STAFF_ID_TAKEN: ["STAFF_ID_TAKEN"],
  OWN_ACCOUNT: ["INVALID_INPUT", "This is your own account. Another Admin must do that."],
  LAST_ADMIN: ["INVALID_INPUT", "This is the last Admin who can sign in. Add another one first."],
  INVALID_INPUT: ["INVALID_INPUT"],
};

function requireGranted(outcome: unknown): void {
  if (outcome === "granted") return;
  const [code, sentence] = refusals[String(outcome)] ?? (["UNEXPECTED"] as const);
  throw new Refusal(code, sentence);
}

const answerSchema = z.looseObject({ outcome: z.string() });

export function createPeople(database: Database): People {
  async function ask(statement: string, values: readonly unknown[]): Promise<Record<string, unknown>> {
    const [row] = await database.statement(`SELECT ${statement} AS answer`, values);
    const answer = answerSchema.parse(row?.["answer"]);
    requireGranted(answer.outcome);
    return answer;
  }
  async function act(statement: string, values: readonly unknown[]): Promise<void> {
    const [row] = await database.statement(`SELECT ${statement} AS outcome`, values);
    requireGranted(row?.["outcome"]);
  }

  return {
    list: async (token) => z.array(staffAccountSchema).parse((await ask("api.people($1)", [token]))["people"]),
    sessions: async (token, staffId) => {
      const answer = await ask("api.person_sessions($1, $2)", [token, staffId]);
      return z.array(sessionSummarySchema).parse(answer["sessions"]);
    },
    endSessions: async (token, staffId, sessionId, reason) => {
      const values = [token, staffId, sessionId ?? null, reason];
      return z.int().parse((await ask("api.end_sessions($1, $2, $3, $4)", values))["ended"]);
    },
    disable: (token, staffId, reason) => act("api.disable_person($1, $2, $3)", [token, staffId, reason]),
    enable: (token, staffId) => act("api.enable_person($1, $2)", [token, staffId]),
    add: (token, person, { credential, keys }) =>
      act("api.add_person($1, $2, $3, $4)", [
        token,
        JSON.stringify(person),
        JSON.stringify(credential),
        JSON.stringify(keys),
      ]),
    resetPassword: (token, staffId, reason, { credential, keys }) =>
      act("api.reset_password($1, $2, $3, $4, $5)", [
        token,
        staffId,
        reason,
        JSON.stringify(credential),
        JSON.stringify(keys),
      ]),
    resetSecondFactor: (token, staffId, reason) => act("api.reset_second_factor($1, $2, $3)", [token, staffId, reason]),
    rules: async (token) => z.array(signInRuleSchema).parse((await ask("api.sign_in_rules($1)", [token]))["rules"]),
    changeRule: (token, rule) => act("api.change_sign_in_rule($1, $2)", [token, JSON.stringify(rule)]),
  };
}
