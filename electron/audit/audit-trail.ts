import type { ToolArguments } from "../../shared/tools/registry";
import type { Query, Row } from "../database/pool";
import { auditCountText, auditOrder, auditPageText, auditSource, totalOf } from "./audit-query";

type Question = ToolArguments<"get_audit_trail"> | ToolArguments<"get_my_access_history">;

/** One page of what this request may see of the audit, with the number of all that match. */
export async function readAuditPage(query: Query, question: Question): Promise<{ rows: Row[]; total: number }> {
  const source = auditSource(question);
  const [rows, counted] = await Promise.all([
    query(auditPageText(source, auditOrder(question.sort, question.direction)), [
      ...source.values,
      question.limit,
      question.offset,
    ]),
    query(auditCountText(source), source.values),
  ]);
  return { rows, total: totalOf(counted) };
}

export async function verifyAudit(query: Query): Promise<Row> {
  const [row] = await query("SELECT * FROM api.verify_audit()");
  return row ?? {};
}
