import { z } from "zod";
import { type SealedIdentity, sealIdentity } from "../sealing/identity-row";
import type { SealingKey } from "../sealing/seal";
import { timeSchema } from "./dates";
import { code, concept, type Identifier, identifier, period, resourceBase, text, wordsOf } from "./elements";
import type { Entry } from "./entry";
import { BundleFault, entryPlace } from "./fault";
import { parsedResource } from "./mapping";
import { patientRowId } from "./row-id";

const name = z.object({
  use: code.optional(),
  text: text.optional(),
  family: text.optional(),
  given: z.array(text.nullable()).optional(),
  prefix: z.array(text.nullable()).optional(),
});
const telecom = z.object({ system: code.optional(), value: text.optional(), use: code.optional() });
const address = z.object({
  use: code.optional(),
  text: text.optional(),
  line: z.array(text.nullable()).optional(),
  city: text.optional(),
  state: text.optional(),
  postalCode: text.optional(),
  country: text.optional(),
  period: period.optional(),
});
const contact = z.object({
  relationship: z.array(concept).optional(),
  name: name.optional(),
  telecom: z.array(telecom).optional(),
});
const patientSchema = z.object({
  ...resourceBase,
  identifier: z.array(identifier).optional(),
  name: z.array(name).optional(),
  telecom: z.array(telecom).optional(),
  gender: z.enum(["female", "male", "other", "unknown"]).optional(),
  birthDate: timeSchema.optional(),
  deceasedBoolean: z.boolean().optional(),
  deceasedDateTime: timeSchema.optional(),
  address: z.array(address).optional(),
  contact: z.array(contact).optional(),
});
type PatientResource = z.output<typeof patientSchema>;
type Name = z.output<typeof name>;

export interface MappedPatient {
  readonly id: string;
  readonly identifiers: readonly Identifier[];
  /** As lists print it, for the report on the screen. */
  readonly printedName: string;
  readonly row: {
    readonly id: string;
    readonly family_name: string;
    readonly given_name: string;
    readonly prefix: string | null;
    readonly gender: string;
    readonly birth_year: number | null;
  };
  readonly identity: SealedIdentity;
  /** Null while the source does not say that the patient has died. */
  readonly deceased: { readonly on: string | null; readonly words: string } | null;
}

const mrSystem = "http://terminology.hl7.org/CodeSystem/v2-0203";
const ssnSystem = "http://hl7.org/fhir/sid/us-ssn";

function isOfType(given: Identifier, wanted: string): boolean {
  return given.type?.coding?.some((one) => one.code === wanted && (one.system ?? mrSystem) === mrSystem) ?? false;
}

/** What stays the same in every export of the source: its medical record number, else the address of the resource. */
function stableIdentity(patient: PatientResource, entry: Entry): string {
  const record = patient.identifier?.find((one) => isOfType(one, "MR") && one.use !== "old" && one.value?.trim());
  if (record?.value !== undefined) return `${record.system?.trim() ?? ""}|${record.value.trim()}`;
  if (entry.fullUrl !== undefined) return entry.fullUrl;
  if (patient.id !== undefined) return `Patient/${patient.id}`;
  throw new BundleFault(
    entryPlace(entry.index, entry.type),
    "has no record number, fullUrl or id to know the patient again by",
  );
}

/** The current one of several, preferred by use; what is marked old is taken only when there is nothing else. */
function current<T extends { use?: string | undefined }>(
  all: readonly T[] | undefined,
  uses: readonly string[],
): T | undefined {
  const usable = all?.filter((one) => one.use !== "old" && one.use !== "temp") ?? [];
  for (const use of uses) {
    const found = usable.find((one) => one.use === use);
    if (found) return found;
  }
  return usable[0] ?? all?.[0];
}

const joined = (parts: readonly (string | null | undefined)[], between: string): string =>
  parts
    .map((part) => part?.trim())
    .filter((part) => part !== undefined && part !== "")
    .join(between);

function nameOf(patient: PatientResource, entry: Entry): { family: string; given: string; prefix: string | null } {
  const chosen: Name | undefined = current(patient.name, ["official", "usual"]);
  const given = joined(chosen?.given ?? [], " ");
  const family = chosen?.family?.trim() || (given === "" ? (chosen?.text?.trim() ?? "") : "");
  if (family === "" && given === "")
    throw new BundleFault(entryPlace(entry.index, entry.type, ["name"]), "gives no name");
  const prefix = chosen?.prefix
    ?.find((one) => one !== null && one.trim() !== "")
    ?.trim()
    .replace(/\.$/u, "");
  return { family: family === "" ? given : family, given: family === "" ? "" : given, prefix: prefix ?? null };
}

function addressOf(patient: PatientResource): string | null {
  const chosen = current(patient.address, ["home"]);
  if (chosen === undefined) return null;
  const town = joined([chosen.city, joined([chosen.state, chosen.postalCode], " ")], ", ");
  return joined([...(chosen.line ?? []), town, chosen.country], ", ") || chosen.text?.trim() || null;
}

function telecomOf(all: PatientResource["telecom"], system: string): string | null {
  return (
    current(
      all?.filter((one) => one.system === system && one.value?.trim()),
      ["mobile", "home"],
    )?.value?.trim() ?? null
  );
}

function emergencyContactOf(patient: PatientResource): string | null {
  const first = patient.contact?.[0];
  if (first === undefined) return null;
  const who = joined([...(first.name?.given ?? []), first.name?.family], " ") || first.name?.text?.trim() || "";
  const relation = joined((first.relationship ?? []).map(wordsOf), ", ");
  const phone = telecomOf(first.telecom, "phone");
  return joined([who === "" ? relation : relation === "" ? who : `${who} (${relation})`, phone], ", ") || null;
}

/** Maps the Patient; what identifies a person beyond name and birth date is sealed here, before it goes anywhere. */
export function mapPatient(entry: Entry, fieldKey: SealingKey): MappedPatient {
  const patient = parsedResource(patientSchema, entry);
  if ((patient.modifierExtension?.length ?? 0) > 0) {
    throw new BundleFault(
      entryPlace(entry.index, entry.type, ["modifierExtension"]),
      "may reverse the meaning of the whole record",
    );
  }
  const id = patientRowId(stableIdentity(patient, entry));
  const { family, given, prefix } = nameOf(patient, entry);
  const born = patient.birthDate;
  const ssn = patient.identifier
    ?.find((one) => (isOfType(one, "SS") || one.system === ssnSystem) && one.value?.trim())
    ?.value?.trim();
  const died = patient.deceasedDateTime;
  return {
    id,
    identifiers: patient.identifier ?? [],
    printedName: joined([family.toUpperCase(), given], ", ") + (prefix === null ? "" : ` (${prefix})`),
    row: {
      id,
      family_name: family,
      given_name: given,
      prefix,
      gender: patient.gender ?? "unknown",
      birth_year: born?.year ?? null,
    },
    identity: sealIdentity(fieldKey, id, {
      date_of_birth: born?.day ?? null,
      ssn: ssn ?? null,
      address: addressOf(patient),
      phone: telecomOf(patient.telecom, "phone"),
      email: telecomOf(patient.telecom, "email"),
      emergency_contact: emergencyContactOf(patient),
    }),
    deceased:
      died !== undefined || patient.deceasedBoolean === true
        ? { on: died?.day ?? null, words: died === undefined ? "time not given" : died.words.slice(0, 10) }
        : null,
  };
}
