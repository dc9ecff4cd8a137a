import { v5 } from "uuid";

/** Any constant: it keeps these ids apart from everybody else's version-5 UUIDs. Changing it would import everything twice. */
const NAMESPACE = "6f0b7f1e-5a53-4c1c-9a35-2f6c1f3f9d10";

/** The same patient of the same source has the same id in every import. */
export function patientRowId(identity: string): string {
  return v5(identity, NAMESPACE);
}

/** The id of a row that one resource (or a part of it) becomes. */
export function rowId(patientId: string, type: string, local: string): string {
  return v5(`${type}/${local}`, patientId);
}
