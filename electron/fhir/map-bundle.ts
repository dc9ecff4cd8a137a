import type { SealedIdentity } from "../sealing/identity-row";
import type { SealingKey } from "../sealing/seal";
import { type AllergyRow, mapAllergy } from "./allergy-intolerance";
import { type DiagnosisRow, mapCondition } from "./condition";
import { snomed } from "./elements";
import { type EncounterRow, mapEncounter } from "./encounter";
import type { Entry } from "./entry";
import { type ImmunizationRow, mapImmunization } from "./immunization";
import type { Mapped, MappingContext } from "./mapping";
import { type MedicationRow, mapMedicationRequest } from "./medication-request";
import { mapObservation, type ObservationRow } from "./observation";
import { type MappedPatient, mapPatient } from "./patient";
import { mapProcedure, type ProcedureRow } from "./procedure";
import { referencesOf } from "./references";
import { notStoredReason } from "./resource-types";
import { rowId } from "./row-id";
import { VitalSignsByTime, type VitalSignsRow } from "./vital-signs";

/** What `api.import_patient` takes: the rows by resource type, and which of them each resource became. */
export interface ImportPayload {
  readonly patient: MappedPatient["row"] & { readonly allergy_status: "recorded" | "none-known" | "not-asked" };
  readonly identity: SealedIdentity;
  readonly Encounter: EncounterRow[];
  readonly Condition: DiagnosisRow[];
  readonly AllergyIntolerance: AllergyRow[];
  readonly MedicationRequest: MedicationRow[];
  readonly VitalSigns: VitalSignsRow[];
  readonly Observation: ObservationRow[];
  readonly Procedure: ProcedureRow[];
  readonly Immunization: ImmunizationRow[];
  /** One a resource: its type, and the keys of what carries it (a row's id, or `id.field` in a set of vital signs). */
  readonly resources: { readonly type: StoredType; readonly keys: string[] }[];
}

export const storedTypes = [
  "Patient",
  "Encounter",
  "Condition",
  "AllergyIntolerance",
  "MedicationRequest",
  "Observation",
  "Procedure",
  "Immunization",
] as const;
export type StoredType = (typeof storedTypes)[number];

export interface MappedBundle {
  readonly patientName: string;
  readonly payload: ImportPayload;
  /** How many resources of each stored type the file holds, stored or not. */
  readonly inFile: ReadonlyMap<StoredType, number>;
  readonly notStored: { type: string; count: number; reason: string }[];
}

function isStored(type: string): type is StoredType {
  return storedTypes.some((known) => known === type);
}

/** Counts what is left out by type and reason, in the order in which it was met. */
class LeftOut {
  readonly #counts = new Map<string, { type: string; count: number; reason: string }>();
  add(type: string, reason: string): void {
    const name = `${type}|${reason}`;
    const known = this.#counts.get(name);
    if (known) known.count += 1;
    else this.#counts.set(name, { type, count: 1, reason });
  }
  list(): { type: string; count: number; reason: string }[] {
    return [...this.#counts.values()].sort((one, other) => one.type.localeCompare(other.type, "en"));
  }
}

/** Maps the checked entries of one Bundle to the rows we store; throws a `BundleFault` at the first fault, storing nothing. */
export function mapBundle(entries: readonly Entry[], fieldKey: SealingKey): MappedBundle {
  const patientEntry = entries.find((entry) => entry.type === "Patient");
  if (patientEntry === undefined) throw new TypeError("readBundle lets no Bundle without a Patient pass");
  const patient = mapPatient(patientEntry, fieldKey);
  const context: MappingContext = {
    patientId: patient.id,
    patient: patientEntry,
    references: referencesOf(entries, patient.identifiers),
  };
  const sets = new VitalSignsByTime(patient.id);
  const leftOut = new LeftOut();
  const inFile = new Map<StoredType, number>();
  const resources: ImportPayload["resources"] = [{ type: "Patient", keys: [patient.id] }];
  const rows = {
    Encounter: [] as EncounterRow[],
    Condition: [] as DiagnosisRow[],
    AllergyIntolerance: [] as AllergyRow[],
    MedicationRequest: [] as MedicationRow[],
    Observation: [] as ObservationRow[],
    Procedure: [] as ProcedureRow[],
    Immunization: [] as ImmunizationRow[],
  };
  let noneKnown = false;

  function keep<Row extends { id: string }>(type: StoredType, mapped: Mapped<Row>, into: Row[]): void {
    if ("notStored" in mapped) return leftOut.add(type, mapped.notStored);
    into.push(...mapped.rows);
    resources.push({ type, keys: mapped.rows.map((row) => row.id) });
  }

  const mappers: Readonly<Record<Exclude<StoredType, "Patient">, (entry: Entry) => void>> = {
    Encounter: (entry) => keep("Encounter", mapEncounter(entry, context), rows.Encounter),
    Condition: (entry) => keep("Condition", mapCondition(entry, context), rows.Condition),
    MedicationRequest: (entry) =>
      keep("MedicationRequest", mapMedicationRequest(entry, context), rows.MedicationRequest),
    Procedure: (entry) => keep("Procedure", mapProcedure(entry, context), rows.Procedure),
    Immunization: (entry) => keep("Immunization", mapImmunization(entry, context), rows.Immunization),
    AllergyIntolerance: (entry) => {
      const mapped = mapAllergy(entry, context);
      if (!("noneKnown" in mapped)) return keep("AllergyIntolerance", mapped, rows.AllergyIntolerance);
      noneKnown = true;
      resources.push({ type: "AllergyIntolerance", keys: [`${patient.id}.allergy_status`] });
    },
    Observation: (entry) => {
      const mapped = mapObservation(entry, context, sets);
      if ("notStored" in mapped) return leftOut.add("Observation", mapped.notStored);
      rows.Observation.push(...mapped.rows);
      resources.push({ type: "Observation", keys: mapped.keys });
    },
  };

  for (const entry of entries) {
    if (!isStored(entry.type)) {
      leftOut.add(entry.type, notStoredReason(entry.type));
      continue;
    }
    inFile.set(entry.type, (inFile.get(entry.type) ?? 0) + 1);
    if (entry.type !== "Patient") mappers[entry.type](entry);
  }
  if (patient.deceased) rows.Condition.push(deathOf(patient));
  return {
    patientName: patient.printedName,
    payload: {
      patient: {
        ...patient.row,
        allergy_status: rows.AllergyIntolerance.length > 0 ? "recorded" : noneKnown ? "none-known" : "not-asked",
      },
      identity: patient.identity,
      ...rows,
      VitalSigns: sets.rows(),
      resources,
    },
    inFile,
    notStored: leftOut.list(),
  };
}

/** That the patient has died stands in the Patient resource alone; the chart must say it where it is read. */
function deathOf(patient: MappedPatient): DiagnosisRow {
  return {
    id: rowId(patient.id, "Patient", "deceased"),
    code: "419099009",
    code_system: snomed,
    display: `Dead (${patient.deceased?.words})`,
    status: "active",
    onset_on: patient.deceased?.on ?? null,
    resolved_on: null,
  };
}
