import type { ToolArguments } from "../../shared/tools/registry";
import type { Query, Row } from "../database/pool";
import { auditCountText, auditOrder, auditPageText, auditSource, totalOf } from "./audit-query";
import { sinceText, untilText } from "./period";

type Question = ToolArguments<"get_session_forensics">;

async function readSessions(query: Query, question: Question): Promise<{ sessions: Row[]; total: number }> {
  const one = question.session !== undefined;
  const rows = await query(
    `SELECT id AS session, staff_id, staff_name, role, workstation, address, app_version, started_at, last_seen, ended_at,
       ended_because, coalesce(entries, 0) AS entries, total
     FROM api.audit_sessions($1, $2, $3, ${sinceText("$4", question.from)}, ${untilText("$5", question.to)}, $6, $7)`,
    [
      question.session ?? null,
      question.staff_id ?? null,
      question.workstation ?? null,
      question.from ?? null,
      question.to ?? null,
      one ? 1 : question.limit,
      one ? 0 : question.offset,
    ],
  );
  return {
    sessions: rows.map(({ total: _total, ...row }) => ({ ...row, entries: Number(row["entries"]) })),
    total: totalOf(rows),
  };
}

async function readOpened(query: Query, question: Question, session: string) {
  const source = auditSource({ session });
  const [entries, counted, patients] = await Promise.all([
    query(auditPageText(source, auditOrder("at", "ascending")), [...source.values, question.limit, question.offset]),
    query(auditCountText(source), source.values),
    query("SELECT * FROM api.audit_session_patients($1)", [session]),
  ]);
  return { entries, total: totalOf(counted), patients };
}

/** The sessions that match; of the one that was asked for by its id also what it saw. */
export async function readSessionForensics(query: Query, question: Question) {
  const [listed, opened] = await Promise.all([
    readSessions(query, question),
    question.session === undefined ? null : readOpened(query, question, question.session),
  ]);
  return { ...listed, opened };
}
