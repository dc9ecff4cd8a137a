import { createHash } from "node:crypto";
import pg from "pg";
import { derivePasswordKeys } from "../../electron/session/password-keys";
import { demoPassword } from "./demo-password";
import type { TestHospital } from "./hospital";

type Row = Record<string, unknown>;

/** PostgreSQL reached past the app, with nothing but the workstation's login: what an attacker with the machine has. */
export interface Direct {
  rows(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** SQLSTATE of the refusal, or `none` when the statement went through. Leaves no failed transaction behind. */
  refusal(text: string, values?: readonly unknown[]): Promise<string>;
  end(): Promise<void>;
}

export async function connectDirectly(hospital: TestHospital, options: { database?: string } = {}): Promise<Direct> {
  const client = new pg.Client({ ...hospital.workstation, ...options } as pg.ClientConfig);
  client.on("error", () => undefined);
  await client.connect();
  const rows = async (text: string, values?: readonly unknown[]) =>
    (values === undefined ? await client.query(text) : await client.query(text, [...values])).rows as Row[];
  return {
    rows,
    refusal: async (text, values) => {
      try {
        await rows(text, values);
        return "none";
      } catch (error) {
        await client.query("ROLLBACK");
        return sqlState(error);
      }
    },
    end: () => client.end(),
  };
}

export function sqlState(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? "?") : String(error);
}

/** The proof of a password, as a workstation derives it. */
export async function proofOf(direct: Direct, username: string, password: string = demoPassword): Promise<Buffer> {
  const [row] = await direct.rows("SELECT * FROM api.login_parameters($1)", [username]);
  const keys = await derivePasswordKeys(password, {
    salt: row?.["salt"] as Buffer,
    memoryKib: Number(row?.["memory_kib"]),
    iterations: Number(row?.["iterations"]),
    parallelism: Number(row?.["parallelism"]),
  });
  return keys.auth;
}

export interface RawSession {
  readonly token: string;
  readonly id: string;
  readonly staffId: string;
}

export async function signInDirectly(direct: Direct, username: string): Promise<RawSession> {
  const [begun] = await direct.rows("SELECT api.begin_sign_in($1, $2, 'a bare client', '127.0.0.1', '0') AS attempt", [
    username,
    await proofOf(direct, username),
  ]);
  const [row] = await direct.rows("SELECT * FROM api.finish_sign_in($1)", [begun?.["attempt"]]);
  if (row?.["outcome"] !== "granted") throw new Error(`sign-in of ${username}: ${String(row?.["outcome"])}`);
  return { token: String(row["token"]), id: String(row["session_id"]), staffId: String(row["staff_id"]) };
}

export async function announce(direct: Direct, token: string, action: string, scope: object = {}) {
  const [row] = await direct.rows("SELECT announcement, outcome FROM api.announce($1, $2, $3)", [
    token,
    action,
    JSON.stringify(scope),
  ]);
  return { announcement: row?.["announcement"] as string | null, outcome: String(row?.["outcome"]) };
}

/** One request as the door makes it: opened, read, committed. */
export async function read(
  direct: Direct,
  token: string,
  announcement: string | null,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  await direct.rows("BEGIN READ ONLY");
  try {
    await direct.rows("SELECT api.open_request($1, $2)", [token, announcement]);
    return await direct.rows(text, values);
  } finally {
    await direct.rows("COMMIT");
  }
}

export async function announceAndRead(
  direct: Direct,
  token: string,
  action: string,
  scope: object,
  text: string,
): Promise<Row[]> {
  const { announcement } = await announce(direct, token, action, scope);
  return read(direct, token, announcement, text);
}

export const hashOfToken = (token: string) => createHash("sha256").update(token, "utf8").digest();

/** Every view of the workstation's login that shows data. */
export const dataViews = [
  "patient_overview",
  "patient_identity",
  "medical_records",
  "diagnoses",
  "procedures",
  "immunizations",
  "vital_signs",
  "observations",
  "medications",
  "allergies",
  "allergy_status",
  "resuscitation_status",
  "patient_birth_date",
  "refused_observations",
  "treatment_plans",
  "appointments",
  "admissions",
  "encounters",
  "wards",
  "shifts",
  "alerts",
  "break_glass_reviews",
  "audit_trail",
  "chats",
  "chat_messages",
] as const;
export type DataView = (typeof dataViews)[number];
