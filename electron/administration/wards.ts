import { inOwnersTransaction, type Owner, recordAct } from "./owner";
import { AdministrationRefused } from "./refused";
import type { WardPlan } from "./wards-csv";

export interface WardChanges {
  readonly wardsAdded: number;
  readonly wardsChanged: number;
  readonly bedsAdded: number;
  readonly bedsRemoved: number;
}

export interface WardOptions {
  /** Also takes away beds that the plan does not name; one with a patient in it stops everything. */
  readonly removeMissing: boolean;
  /** Counts what would change, and changes nothing. */
  readonly dryRun: boolean;
}

/** Thrown to undo a rehearsal. */
class Rehearsed extends Error {
  constructor(readonly changes: WardChanges) {
    super("rehearsed");
  }
}

/** Makes the hospital's wards and beds those of the plan; the same plan a second time changes nothing. */
export async function applyWards(owner: Owner, plan: WardPlan, options: WardOptions): Promise<WardChanges> {
  const wards = JSON.stringify(plan.wards.map(({ code, name, department }) => ({ code, name, department })));
  const beds = JSON.stringify(plan.wards.flatMap((ward) => ward.beds.map((code) => ({ ward_code: ward.code, code }))));
  try {
    return await inOwnersTransaction(owner, async (query) => {
      const count = async (text: string, values: readonly unknown[]) =>
        Number((await query(`WITH done AS (${text}) SELECT count(*) AS n FROM done`, values)).rows[0]?.["n"]);
      const wardsChanged = await count(
        `UPDATE hospital.ward w SET name = p.name, department = p.department
           FROM jsonb_populate_recordset(NULL::hospital.ward, $1::jsonb) p
          WHERE p.code = w.code AND (p.name, p.department) IS DISTINCT FROM (w.name, w.department) RETURNING 1`,
        [wards],
      );
      const wardsAdded = await count(
        `INSERT INTO hospital.ward SELECT * FROM jsonb_populate_recordset(NULL::hospital.ward, $1::jsonb)
         ON CONFLICT DO NOTHING RETURNING 1`,
        [wards],
      );
      const bedsAdded = await count(
        `INSERT INTO hospital.bed SELECT * FROM jsonb_populate_recordset(NULL::hospital.bed, $1::jsonb)
         ON CONFLICT DO NOTHING RETURNING 1`,
        [beds],
      );
      const bedsRemoved = options.removeMissing ? await removeMissing(query, beds) : 0;
      const changes = { wardsAdded, wardsChanged, bedsAdded, bedsRemoved };
      if (options.dryRun) throw new Rehearsed(changes);
      if (Object.values(changes).some((changed) => changed > 0)) await recordAct(query, "WARDS_CHANGED", changes);
      return changes;
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.changes;
    throw error;
  }
}

async function removeMissing(query: Owner["query"], beds: string): Promise<number> {
  // Locked first: whoever is admitting into one of them waits, and finds it gone, or we find it taken.
  const { rows } = await query(
    `SELECT b.ward_code, b.code FROM hospital.bed b
      WHERE NOT EXISTS (SELECT FROM jsonb_populate_recordset(NULL::hospital.bed, $1::jsonb) p
                         WHERE p.ward_code = b.ward_code AND p.code = b.code)
      ORDER BY 1, 2 FOR UPDATE`,
    [beds],
  );
  if (rows.length === 0) return 0;
  const missing = JSON.stringify(rows);
  const { rows: taken } = await query(
    `SELECT t.ward_code || ' bed ' || t.bed_code AS bed FROM hospital.placement t
      JOIN jsonb_populate_recordset(NULL::hospital.bed, $1::jsonb) m ON m.ward_code = t.ward_code AND m.code = t.bed_code
     ORDER BY 1`,
    [missing],
  );
  if (taken.length > 0)
    throw new AdministrationRefused(
      `A patient is in ${taken
        .slice(0, 20)
        .map((row) => String(row["bed"]))
        .join(", ")}${taken.length > 20 ? ` and ${taken.length - 20} more` : ""}. Nothing was changed.`,
    );
  await query(
    `DELETE FROM hospital.bed b USING jsonb_populate_recordset(NULL::hospital.bed, $1::jsonb) m
      WHERE m.ward_code = b.ward_code AND m.code = b.code`,
    [missing],
  );
  return rows.length;
}
