import { CsvError, parse } from "csv-parse/sync";

export const wardColumns = ["ward_code", "ward_name", "department", "bed_code"] as const;
type Column = (typeof wardColumns)[number];

export interface WardRow {
  readonly code: string;
  readonly name: string;
  readonly department: string;
}
/** Wards in the order of the file, each with its beds. */
export interface WardPlan {
  readonly wards: readonly (WardRow & { readonly beds: readonly string[] })[];
}
/** Where a file is wrong. `line` counts from 1 with the heading; `column` is a heading's name, null for the whole line. */
export interface WardFault {
  readonly line: number;
  readonly column: string | null;
  readonly message: string;
}

const LARGEST = 5_000_000;
/** No more are told at once. */
export const MOST_FAULTS = 200;
const forms: Readonly<Record<Column, { readonly form: RegExp; readonly message: string }>> = {
  ward_code: {
    form: /^[\p{Letter}\p{Number}][\p{Letter}\p{Number}._/-]{0,19}$/u,
    message: "1 to 20 letters and digits",
  },
  ward_name: { form: /^[^\p{Cc}]{1,80}$/u, message: "1 to 80 characters" },
  department: { form: /^[^\p{Cc}]{1,80}$/u, message: "1 to 80 characters" },
  bed_code: {
    form: /^[\p{Letter}\p{Number}][\p{Letter}\p{Number}._/-]{0,19}$/u,
    message: "1 to 20 letters and digits",
  },
};

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function whole(message: string, line = 1): { faults: WardFault[] } {
  return { faults: [{ line, column: null, message }] };
}

/** Comma or semicolon, whichever the heading has: spreadsheets of half of Europe write the second. */
function records(text: string): CsvRecord[] {
  const heading = /^[^\r\n]*/u.exec(text)?.[0] ?? "";
  return parse(text, {
    delimiter: heading.includes(";") ? ";" : ",",
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Spreadsheets end with rows of nothing but separators.
    skip_records_with_empty_values: true,
    trim: true,
  }) as unknown as CsvRecord[];
}

function headingFaults(heading: readonly string[]): WardFault[] {
  const missing = wardColumns.filter((column) => !heading.includes(column));
  const unknown = heading.filter((name) => !(wardColumns as readonly string[]).includes(name));
  const twice = wardColumns.filter((column) => heading.filter((name) => name === column).length > 1);
  return [
    ...missing.map((column) => ({ line: 1, column, message: "this column is missing" })),
    ...unknown.map((column) => ({ line: 1, column: column.slice(0, 40), message: "there is no such column" })),
    ...twice.map((column) => ({ line: 1, column, message: "this column is there twice" })),
  ];
}

/** Reads wards and beds from a CSV file in UTF-8. Every fault at once: whoever mends a file wants to mend it once. */
export function readWardsCsv(bytes: Uint8Array): WardPlan | { readonly faults: readonly WardFault[] } {
  if (bytes.length > LARGEST) return whole(`the file is larger than ${LARGEST / 1_000_000} MB`);
  let rows: CsvRecord[];
  try {
    // The decoder takes a byte order mark away and refuses what is no UTF-8.
    rows = records(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof CsvError)
      return whole("a quotation mark is not closed, or stands inside a value", Number(error["lines"] ?? 1));
    return whole("the file is no text in UTF-8");
  }
  const heading = rows[0]?.record.map((name) => name.toLowerCase()) ?? [];
  if (heading.length === 0) return whole("the file is empty");
  const wrong = headingFaults(heading);
  if (wrong.length > 0) return { faults: wrong };
  if (rows.length === 1) return whole("the file holds no bed", 2);

  const faults: WardFault[] = [];
  const wards = new Map<string, WardRow & { line: number; beds: Map<string, number> }>();
  for (const { record, info } of rows.slice(1)) {
    const line = info.lines;
    if (record.length !== heading.length) {
      faults.push({ line, column: null, message: `${heading.length} values expected, ${record.length} found` });
      continue;
    }
    const value = (column: Column) => (record[heading.indexOf(column)] as string).normalize("NFC");
    const bad = wardColumns.filter((column) => !forms[column].form.test(value(column)));
    for (const column of bad)
      faults.push({
        line,
        column,
        message: value(column) === "" ? "empty" : `must have ${forms[column].message}`,
      });
    if (bad.length > 0) continue;
    const [code, name, department, bed] = wardColumns.map(value) as [string, string, string, string];
    const ward = wards.get(code) ?? { code, name, department, line, beds: new Map<string, number>() };
    wards.set(code, ward);
    if (ward.name !== name)
      faults.push({ line, column: "ward_name", message: `ward ${code} has another name in line ${ward.line}` });
    if (ward.department !== department)
      faults.push({ line, column: "department", message: `ward ${code} has another one in line ${ward.line}` });
    const before = ward.beds.get(bed);
    if (before !== undefined)
      faults.push({ line, column: "bed_code", message: `ward ${code} has bed ${bed} in line ${before} already` });
    else ward.beds.set(bed, line);
  }
  if (faults.length > 0) return { faults: faults.slice(0, MOST_FAULTS) };
  return {
    wards: [...wards.values()].map(({ code, name, department, beds }) => ({
      code,
      name,
      department,
      beds: [...beds.keys()],
    })),
  };
}
