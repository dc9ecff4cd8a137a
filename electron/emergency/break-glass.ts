import type { BreakGlassReason, Emergency, EmergencyState } from "../../shared/emergency/break-glass";
import { Refusal } from "../../shared/failure";
import type { Database, Row } from "../database/pool";

/** What a person says before a chart is opened in an emergency. */
export interface BreakGlassRequest {
  readonly patientId: string;
  readonly reason: BreakGlassReason;
  readonly words: string;
}

export interface BreakGlassOptions {
  readonly database: Database;
  /** The token of the session that is active now; throws where none is. */
  readonly token: () => string;
  /** Begins a counted proof that the person of this session is there, and answers the attempt to judge. */
  readonly beginProof: (password: string) => Promise<string>;
  /** Milliseconds that nothing sets back. */
  readonly monotonic: () => number;
}

export interface BreakGlass {
  state(): Promise<EmergencyState>;
  /**
   * Says it, proves the person, opens the chart. Throws `Refusal`: SIGN_IN_FAILED, CODE_REQUIRED or ACCOUNT_LOCKED about the
   * proof; BREAK_GLASS_DENIED, BREAK_GLASS_OPEN, BREAK_GLASS_LIMIT, RBAC_DENIED or INVALID_INPUT about the request; OFFLINE without the network.
   */
  open(request: BreakGlassRequest, password: string, code?: string): Promise<Emergency>;
  end(): Promise<void>;
}

/** Milliseconds for which an announcement that was made is used for another try; PostgreSQL takes it for two minutes. */
const ANNOUNCEMENT_LASTS = 100_000;

const WITHOUT_NETWORK =
  "Emergency access needs the network, which is away: nobody would be told of it, and the chart is not on this workstation. Call the ward that has the patient.";

function emergencyOf(row: Row | undefined): Emergency | null {
  const patientId = row?.["patient_number"];
  if (typeof patientId !== "string") return null;
  return { patientId, until: String(row?.["until"]), secondsLeft: Math.max(0, Number(row?.["seconds_left"])) };
}

function refusalOf(outcome: unknown, withCode: boolean): Refusal {
  switch (outcome) {
    case "SIGN_IN_FAILED":
      return new Refusal("SIGN_IN_FAILED", withCode ? "Password or one-time code is wrong." : "The password is wrong.");
    case "RBAC_DENIED":
    case "BREAK_GLASS_LIMIT":
    case "BREAK_GLASS_OPEN":
    case "CODE_REQUIRED":
    case "ACCOUNT_LOCKED":
    case "INVALID_INPUT":
      return new Refusal(outcome);
    default:
      return new Refusal("BREAK_GLASS_DENIED");
  }
}

/** Without the network nothing of this is done later by itself: the person is told to use the telephone. */
async function withNetwork<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Refusal ? error.failure.code : undefined;
    if (code === "DATABASE_UNAVAILABLE" || code === "OFFLINE") throw new Refusal("OFFLINE", WITHOUT_NETWORK);
    throw error;
  }
}

/** Emergency access as PostgreSQL decides it, in two transactions: what is said is committed before anything is looked up. */
export function createBreakGlass({ database, token, beginProof, monotonic }: BreakGlassOptions): BreakGlass {
  /** An announcement that a wrong password left unspent, and what it says. */
  let standing: { readonly id: string; readonly says: string; readonly until: number } | null = null;

  async function announce(request: BreakGlassRequest): Promise<string> {
    const says = JSON.stringify([token(), request.patientId, request.reason, request.words]);
    if (standing?.says === says && standing.until > monotonic()) return standing.id;
    standing = null;
    const [row] = await database.statement("SELECT request, outcome FROM api.announce_break_glass($1, $2, $3, $4)", [
      token(),
      request.patientId,
      request.reason,
      request.words || null,
    ]);
    if (row?.["outcome"] !== "announced") throw refusalOf(row?.["outcome"], false);
    standing = { id: String(row["request"]), says, until: monotonic() + ANNOUNCEMENT_LASTS };
    return standing.id;
  }

  return {
    state: async () => {
      const [row] = await database.statement("SELECT * FROM api.break_glass_state($1)", [token()]);
      return { emergency: emergencyOf(row), codeNeeded: row?.["code_needed"] === true };
    },
    open: (request, password, code) =>
      withNetwork(async () => {
        const announced = await announce(request);
        const attempt = await beginProof(password);
        const [row] = await database.statement("SELECT * FROM api.open_break_glass($1, $2, $3, $4)", [
          token(),
          announced,
          attempt,
          code ?? null,
        ]);
        const outcome = row?.["outcome"];
        if (outcome !== "SIGN_IN_FAILED" && outcome !== "CODE_REQUIRED") standing = null;
        const opened = emergencyOf(row);
        if (outcome !== "opened" || !opened) throw refusalOf(outcome, code !== undefined);
        return opened;
      }),
    end: async () => {
      await database.statement("SELECT api.end_break_glass($1)", [token()]);
    },
  };
}
