import { z } from "zod";
import type { ExportRow } from "./export-row";

const hex = z.string().regex(/^[0-9a-f]*$/u);

/**
 * One line of a JSON Lines export. `hashed` is the evidence; the other fields are the same for people and programs, and what
 * the hash does not hold is not among them.
 */
export const exportLineSchema = z.strictObject({
  chain: z.string(),
  sequence: z.int(),
  at: z.string(),
  transaction: z.string(),
  session: z.string().nullable(),
  staff_id: z.string().nullable(),
  staff_name: z.string().nullable(),
  role: z.string().nullable(),
  action: z.string(),
  tool: z.string().nullable(),
  outcome: z.string(),
  patient_ids: z.array(z.string()),
  patient_numbers: z.array(z.string()),
  workstation: z.string().nullable(),
  detail: z.unknown(),
  previous_hash: hex,
  hash: hex,
  hashed: z.string(),
});
export type ExportLine = z.infer<typeof exportLineSchema>;

export function jsonLine({ address: _address, app_version: _version, ...row }: ExportRow): string {
  return `${JSON.stringify({ ...row, detail: JSON.parse(row.detail) as unknown })}\n`;
}
