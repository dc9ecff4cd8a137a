import type { ExportRow } from "./export-row";

/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/u;

/**
 * One field after RFC 4180. What a spreadsheet would compute begins with an apostrophe; so does what began with one, so that
 * taking one away gives back every text.
 */
export function csvField(value: string): string {
  const harmless = formula.test(value) || value.startsWith("'") ? `'${value}` : value;
  return /[",\r\n]/u.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const fields: readonly (readonly [string, (row: ExportRow) => string | number | null])[] = [
  ["at", (row) => row.at],
  ["action", (row) => row.action],
  ["outcome", (row) => row.outcome],
  ["staff_id", (row) => row.staff_id],
  ["staff_name", (row) => row.staff_name],
  ["role", (row) => row.role],
  ["patients", (row) => row.patient_numbers.join(" ")],
  ["tool", (row) => row.tool],
  ["workstation", (row) => row.workstation],
  ["address", (row) => row.address],
  ["app_version", (row) => row.app_version],
  ["session", (row) => row.session],
  ["detail", (row) => (row.detail === "{}" ? null : row.detail)],
  ["chain", (row) => row.chain],
  ["sequence", (row) => row.sequence],
  ["previous_hash", (row) => row.previous_hash],
  ["hash", (row) => row.hash],
];
const END = "\r\n";

/** A byte order mark, so that a spreadsheet reads names as UTF-8, and the names of the fields. */
export const csvHead = `\uFEFF${fields.map(([name]) => name).join(",")}${END}`;

export function csvLine(row: ExportRow): string {
  return `${fields.map(([, of]) => csvField(String(of(row) ?? ""))).join(",")}${END}`;
}
