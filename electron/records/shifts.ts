import type { Query, Row } from "../database/pool";

export interface ShiftFilter {
  readonly from: string;
  readonly to: string;
  readonly department?: string | undefined;
}

export async function readShifts(query: Query, filter: ShiftFilter): Promise<Row[]> {
  return query(
    `SELECT id, staff_id, staff_name, role, department, ward_code AS ward, starts_at, ends_at FROM api.shifts
      WHERE ends_at >= $1::date AND starts_at < $2::date + 1 AND ($3::text IS NULL OR department = $3) ORDER BY starts_at, staff_name LIMIT 1000`,
    [filter.from, filter.to, filter.department ?? null],
  );
}
