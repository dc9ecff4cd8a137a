import type { ToolArguments } from "../../shared/tools/registry";
import type { Query, Row } from "../database/pool";
import { sinceText, untilText } from "./period";

type Question = ToolArguments<"get_patient_accesses">;

/** Who has looked at the announced patient: the entries of the period, newest first, and the same by person. */
export async function readPatientAccesses(query: Query, question: Question) {
  const since = sinceText("$1", question.from);
  const until = untilText("$2", question.to);
  const period = [question.from ?? null, question.to ?? null];
  const [entries, people] = await Promise.all([
    query(
      `SELECT at, action, tool, outcome, staff_id, staff_name, role, workstation, session_id AS session, chain_id AS chain,
         sequence, others, nullif(detail, '{}')::text AS detail FROM api.patient_accesses(${since}, ${until}, $3, $4)`,
      [...period, question.limit, question.offset],
    ),
    query(`SELECT * FROM api.patient_access_people(${since}, ${until})`, period),
  ]);
  const numbers = (row: Row) => ({ ...row, granted: Number(row["granted"]), refused: Number(row["refused"]) });
  const listed = people.map(numbers);
  return {
    entries: entries.map((row) => ({ ...row, sequence: Number(row["sequence"]), others: Number(row["others"]) })),
    people: listed,
    total: listed.reduce((sum, person) => sum + person.granted + person.refused, 0),
    offset: question.offset,
  };
}
