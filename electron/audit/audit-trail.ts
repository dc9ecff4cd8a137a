import type { ToolArguments } from "../../shared/tools/registry";
import type { Query, Row } from "../database/pool";

type Filter = ToolArguments<"get_audit_trail">;

const conditions = `($1::text IS NULL OR action = $1) AND ($2::text IS NULL OR staff_id = $2)
  AND ($3::text IS NULL OR $3 = ANY (patient_numbers))
  AND ($4::text IS NULL OR (CASE WHEN outcome IN ('granted', 'counted') THEN 'granted' ELSE 'denied' END) = $4)
  AND ($5::date IS NULL OR at >= $5::date) AND ($6::date IS NULL OR at < $6::date + 1)`;

/** One page of what this request may see of the audit, newest first, with the number of all that match. */
export async function readAuditPage(query: Query, filter: Filter): Promise<{ rows: Row[]; total: number }> {
  const values = [
    filter.action ?? null,
    filter.staff_id ?? null,
    filter.patient_id ?? null,
    filter.outcome ?? null,
    filter.from ?? null,
    filter.to ?? null,
  ];
  const [rows, counted] = await Promise.all([
    query(
      `SELECT chain_id AS chain, sequence, at, action, tool, outcome, staff_id, staff_name, role, patient_numbers AS patient_ids, workstation,
         nullif(detail, '{}')::text AS detail FROM api.audit_trail WHERE ${conditions} ORDER BY at DESC, sequence DESC LIMIT $7 OFFSET $8`,
      [...values, filter.limit, filter.offset],
    ),
    query(`SELECT count(*) AS total FROM api.audit_trail WHERE ${conditions}`, values),
  ]);
  return { rows, total: Number(counted[0]?.["total"]) };
}

export async function verifyAudit(query: Query): Promise<Row> {
  const [row] = await query("SELECT * FROM api.verify_audit()");
  return row ?? {};
}
