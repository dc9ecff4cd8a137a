import { type Direct, proofOf, type RawSession } from "./direct";
import type { TestHospital } from "./hospital";

type Row = Record<string, unknown>;

/** Emergency access asked for past the app, and what it leaves behind. */
export interface BreakGlassScene {
  ask(session: RawSession, number: string | null, reason?: string | null, words?: string | null): Promise<Row>;
  /** A committed attempt with a password, to be judged by opening. */
  attempt(username: string, password?: string): Promise<string>;
  open(session: RawSession, request: unknown, attempt: unknown, code?: string | null): Promise<Row>;
  /** Both transactions with the demo password. */
  breakGlass(session: RawSession, username: string, number: string): Promise<Row>;
  state(session: RawSession): Promise<Row>;
  /** What a person's tries left: alerts and things to judge, counted with their repeats, and the audit's newest first. */
  left(staffId: string): Promise<{ alerts: number; reviews: number; audit: string[] }>;
  /** Everything of it is as if nobody had ever asked; counters of wrong passwords too. */
  clear(): Promise<void>;
  /** Moves a person's open emergency so many minutes into the past. */
  age(staffId: string, minutes: number): Promise<void>;
}

export function breakGlassScene(hospital: TestHospital, direct: Direct): BreakGlassScene {
  const one = async (text: string, values: readonly unknown[]) => (await direct.rows(text, values))[0] ?? {};
  const ask: BreakGlassScene["ask"] = (session, number, reason = "unconscious", words = null) =>
    one("SELECT * FROM api.announce_break_glass($1, $2, $3, $4)", [session.token, number, reason, words]);
  const attempt: BreakGlassScene["attempt"] = async (username, password) => {
    const proof = await proofOf(direct, username, password);
    const begun = await one("SELECT api.begin_sign_in($1, $2, 'a bare client', '127.0.0.1', '0') AS id", [
      username,
      proof,
    ]);
    return String(begun["id"]);
  };
  const open: BreakGlassScene["open"] = (session, request, tried, code = null) =>
    one("SELECT * FROM api.open_break_glass($1, $2, $3, $4)", [session.token, request, tried, code]);
  return {
    ask,
    attempt,
    open,
    breakGlass: async (session, username, number) => {
      const said = await ask(session, number);
      return said["request"] === null ? said : open(session, said["request"], await attempt(username));
    },
    state: (session) => one("SELECT * FROM api.break_glass_state($1)", [session.token]),
    left: async (staffId) => {
      const { rows } = await hospital.owner(
        `SELECT (SELECT coalesce(sum(repeats), 0)::int FROM private.alert WHERE staff_id = $1 AND rule LIKE 'break-glass%') AS alerts,
           (SELECT coalesce(sum(repeats), 0)::int FROM private.break_glass_request WHERE staff_id = $1) AS reviews,
           ARRAY(SELECT action || ' ' || outcome FROM private.audit_entry WHERE staff_id = $1 AND action LIKE 'BREAK_GLASS%'
             ORDER BY at DESC, sequence DESC) AS audit`,
        [staffId],
      );
      return rows[0] as unknown as { alerts: number; reviews: number; audit: string[] };
    },
    clear: async () => {
      await hospital.owner(
        "TRUNCATE private.break_glass_verdict, private.break_glass_grant, private.break_glass_request, private.alert CASCADE",
      );
      await hospital.owner("DELETE FROM private.sign_in_counter");
      await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL");
    },
    age: async (staffId, minutes) => {
      await hospital.owner(
        `UPDATE private.break_glass_grant SET opened_at = opened_at - make_interval(mins => $2), until = until - make_interval(mins => $2)
         WHERE staff_id = $1 AND ended_at IS NULL`,
        [staffId, minutes],
      );
    },
  };
}
