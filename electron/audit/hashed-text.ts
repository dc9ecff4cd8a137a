import type { ExportLine } from "./json-lines";

/** Microseconds since 1970 of `1763812345.123456`, as PostgreSQL writes extract(epoch …). */
function microsecondsOfEpoch(text: unknown): bigint | undefined {
  const parts = /^(-?\d+)\.(\d{6})$/u.exec(String(text));
  if (!parts) return undefined;
  const [, seconds = "0", fraction = "0"] = parts;
  const whole = BigInt(seconds) * 1_000_000n;
  return seconds.startsWith("-") ? whole - BigInt(fraction) : whole + BigInt(fraction);
}

/** Microseconds since 1970 of `2026-04-05T09:05:00.123456Z`. */
function microsecondsOfMoment(text: string): bigint | undefined {
  const parts = /^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/u.exec(text);
  const whole = parts ? Date.parse(`${parts[1]}Z`) : Number.NaN;
  return parts && !Number.isNaN(whole) ? BigInt(whole) * 1000n + BigInt(parts[2] ?? "0") : undefined;
}

/** The same whatever the order of the keys of an object, as jsonb has none. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(",")}}`;
}

/** The field that does not say what the hashed text says; undefined where all agree. */
export function fieldThatDiffers(line: ExportLine): string | undefined {
  let said: unknown;
  try {
    said = JSON.parse(line.hashed);
  } catch {
    return "hashed";
  }
  if (!Array.isArray(said) || said.length !== 13) return "hashed";
  const at = microsecondsOfMoment(line.at);
  if (at === undefined || at !== microsecondsOfEpoch(said[2])) return "at";
  const shown: readonly (readonly [string, unknown, unknown])[] = [
    ["chain", line.chain, said[0]],
    ["sequence", line.sequence, said[1]],
    ["transaction", line.transaction, said[3]],
    ["session", line.session, said[4]],
    ["staff_id", line.staff_id, said[5]],
    ["role", line.role, said[6]],
    ["action", line.action, said[7]],
    ["tool", line.tool, said[8]],
    ["outcome", line.outcome, said[9]],
    ["patient_ids", line.patient_ids, said[10]],
    ["workstation", line.workstation, said[11]],
    ["detail", line.detail, said[12]],
  ];
  return shown.find(([, here, there]) => canonical(here) !== canonical(there))?.[0];
}
