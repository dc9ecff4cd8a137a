/** One invented patient as another hospital would export her: a FHIR R4 transaction bundle with urn:uuid references. */
const loinc = "http://loinc.org";
const snomed = "http://snomed.info/sct";
const rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
const urn = (number: number) => `urn:uuid:5f0c1a2e-1111-4222-8333-${String(number).padStart(12, "0")}`;
const concept = (system: string, code: string, display: string) => ({
  coding: [{ system, code, display }],
  text: display,
});
const subject = { reference: urn(1) };

/** The Social Security number in the bundle, for what must never show it. */
export const importedSsn = "999-31-4477";

function quantity(value: number, unit: string) {
  return { value, unit, system: "http://unitsofmeasure.org", code: unit };
}

function observation(number: number, category: string, code: [code: string, display: string], value: object) {
  return {
    fullUrl: urn(number),
    resource: {
      resourceType: "Observation",
      id: urn(number).slice(9),
      status: "final",
      category: [concept("http://terminology.hl7.org/CodeSystem/observation-category", category, category)],
      code: concept(loinc, ...code),
      subject,
      encounter: { reference: urn(2) },
      effectiveDateTime: "2026-02-03T08:30:00+01:00",
      ...value,
    },
  };
}

const entries: { fullUrl: string; resource: Record<string, unknown> }[] = [
  {
    fullUrl: urn(1),
    resource: {
      resourceType: "Patient",
      id: urn(1).slice(9),
      identifier: [
        {
          type: concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical Record Number"),
          system: "http://hospital.example.org",
          value: "MR-55120",
        },
        {
          type: concept("http://terminology.hl7.org/CodeSystem/v2-0203", "SS", "Social Security Number"),
          system: "http://hl7.org/fhir/sid/us-ssn",
          value: importedSsn,
        },
      ],
      name: [{ use: "official", family: "Tamaki", given: ["Hinemoa"], prefix: ["Ms."] }],
      telecom: [{ system: "phone", value: "555-0142", use: "home" }],
      gender: "female",
      birthDate: "1979-10-02",
      address: [{ line: ["7 Invented Street"], city: "Elsewhere", state: "MA", postalCode: "00000" }],
    },
  },
  {
    fullUrl: urn(2),
    resource: {
      resourceType: "Encounter",
      id: urn(2).slice(9),
      status: "finished",
      class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
      type: [concept(snomed, "185349003", "Encounter for check up")],
      subject,
      period: { start: "2026-02-03T08:00:00+01:00", end: "2026-02-03T09:00:00+01:00" },
    },
  },
  {
    fullUrl: urn(3),
    resource: {
      resourceType: "Condition",
      id: urn(3).slice(9),
      clinicalStatus: concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"),
      verificationStatus: concept(
        "http://terminology.hl7.org/CodeSystem/condition-ver-status",
        "confirmed",
        "Confirmed",
      ),
      code: concept(snomed, "59621000", "Essential hypertension"),
      subject,
      onsetDateTime: "2019-04-01",
    },
  },
  {
    fullUrl: urn(4),
    resource: {
      resourceType: "AllergyIntolerance",
      id: urn(4).slice(9),
      clinicalStatus: concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", "Active"),
      verificationStatus: concept(
        "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
        "confirmed",
        "Confirmed",
      ),
      code: concept(snomed, "387406002", "Sulfonamide"),
      patient: subject,
      reaction: [{ manifestation: [concept(snomed, "271807003", "Skin rash")], severity: "moderate" }],
    },
  },
  {
    fullUrl: urn(5),
    resource: {
      resourceType: "MedicationRequest",
      id: urn(5).slice(9),
      status: "active",
      intent: "order",
      medicationCodeableConcept: concept(rxnorm, "314076", "lisinopril 10 MG Oral Tablet"),
      subject,
      authoredOn: "2026-02-03T08:40:00+01:00",
    },
  },
  observation(6, "vital-signs", ["8867-4", "Heart rate"], { valueQuantity: quantity(76, "/min") }),
  observation(7, "vital-signs", ["85354-9", "Blood pressure panel"], {
    component: [
      { code: concept(loinc, "8480-6", "Systolic Blood Pressure"), valueQuantity: quantity(142, "mm[Hg]") },
      { code: concept(loinc, "8462-4", "Diastolic Blood Pressure"), valueQuantity: quantity(88, "mm[Hg]") },
    ],
  }),
  observation(8, "laboratory", ["2823-3", "Potassium"], { valueQuantity: quantity(4.2, "mmol/L") }),
  {
    fullUrl: urn(9),
    resource: {
      resourceType: "Procedure",
      id: urn(9).slice(9),
      status: "completed",
      code: concept(snomed, "430193006", "Medication reconciliation"),
      subject,
      performedPeriod: { start: "2026-02-03T08:10:00+01:00", end: "2026-02-03T08:20:00+01:00" },
    },
  },
  {
    fullUrl: urn(10),
    resource: {
      resourceType: "Immunization",
      id: urn(10).slice(9),
      status: "completed",
      vaccineCode: concept("http://hl7.org/fhir/sid/cvx", "140", "Influenza, seasonal, injectable"),
      patient: subject,
      occurrenceDateTime: "2025-10-20T09:00:00+02:00",
    },
  },
  ...[11, 12].map((number) => ({
    fullUrl: urn(number),
    resource: { resourceType: "CarePlan", id: urn(number).slice(9), status: "active", intent: "order", subject },
  })),
];

/** How many of each type the bundle holds and we store. */
export const storedInBundle: Readonly<Record<string, number>> = {
  Patient: 1,
  Encounter: 1,
  Condition: 1,
  AllergyIntolerance: 1,
  MedicationRequest: 1,
  Observation: 3,
  Procedure: 1,
  Immunization: 1,
};

export function smallBundle(): string {
  const entry = entries.map(({ fullUrl, resource }) => ({
    fullUrl,
    resource,
    request: { method: "POST", url: resource.resourceType },
  }));
  return `${JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }, null, 2)}\n`;
}
