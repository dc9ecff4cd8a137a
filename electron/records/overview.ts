import { type Overview, overviewSchema } from "../../shared/clinical/chart";
import type { Query, Row } from "../database/pool";

/** `ARNOLD, Leah (Mrs)`: the form of every banner and list (NHS Common User Interface). */
export function displayName(row: Row): string {
  const given = row["prefix"];
  const prefix = typeof given === "string" && given !== "" ? ` (${given})` : "";
  return `${String(row["family_name"]).toUpperCase()}, ${String(row["given_name"])}${prefix}`;
}

/** A row of api.patient_overview; ward and bed are absent where the role may not see them. */
export function overviewOf(row: Row): Overview {
  return overviewSchema.parse({
    patient_id: row["patient_number"],
    name: displayName(row),
    gender: row["gender"],
    birth_year: row["birth_year"],
    ...(row["placement_shown"] === true ? { ward: row["ward_code"], bed: row["bed_code"] } : {}),
  });
}

export async function readOverviews(query: Query): Promise<Row[]> {
  return query("SELECT * FROM api.patient_overview ORDER BY ward_code, bed_code, family_name, given_name");
}
