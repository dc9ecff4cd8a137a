import { r4ResourceTypes } from "./resource-types";

const onlyR4 = "only FHIR R4 is taken";

/** Resource types that R4 renamed or dropped. */
const older = new Set(
  `BodySite Conformance DataElement DeviceComponent DeviceUseRequest DiagnosticOrder EligibilityRequest
  EligibilityResponse ExpansionProfile ImagingManifest ImagingObjectSelection MedicationOrder OrderResponse Order
  ProcedureRequest ProcessRequest ProcessResponse ReferralRequest Sequence ServiceDefinition`.split(/\s+/u),
);

type Shape = Readonly<Record<string, unknown>>;
const isText = (value: unknown): boolean => typeof value === "string";

/** Elements whose form tells the release, by type of resource: what STU3 and R5 wrote differently from R4. */
const signs: Readonly<Record<string, (resource: Shape) => string | null>> = {
  Condition: statusAsWord,
  AllergyIntolerance: statusAsWord,
  Immunization: (resource) =>
    "date" in resource && !("occurrenceDateTime" in resource) ? "date, as FHIR STU3 wrote it" : null,
  Encounter: (resource) => {
    if (Array.isArray(resource["class"])) return "class as a list, as FHIR R5 writes it";
    return "actualPeriod" in resource ? "actualPeriod, as FHIR R5 writes it" : null;
  },
  MedicationRequest: (resource) =>
    "medication" in resource ? "medication without a type, as FHIR R5 writes it" : null,
  Procedure: (resource) => {
    const newer = Object.keys(resource).find((key) => /^occurrence[A-Z]/u.test(key));
    return newer === undefined ? null : `${newer}, as FHIR R5 writes it`;
  },
};

function statusAsWord(resource: Shape): string | null {
  return isText(resource["clinicalStatus"]) ? "clinicalStatus as a bare word, as FHIR STU3 wrote it" : null;
}

/** Why a resource cannot be of R4, in words; null when nothing speaks against it. */
export function olderOrNewer(resource: Shape): string | null {
  const type = String(resource["resourceType"]);
  if (older.has(type)) return `holds a ${type}, a type of an older FHIR release; ${onlyR4}`;
  if (!r4ResourceTypes.has(type)) return `holds a type of resource that FHIR R4 does not have; ${onlyR4}`;
  const sign = signs[type]?.(resource) ?? null;
  return sign === null ? null : `(${type}) holds ${sign}; ${onlyR4}`;
}
