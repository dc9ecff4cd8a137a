/** The types of resource of FHIR R4 (4.0.1), from its resource index. A type that is not here is of another release, or invented. */
export const r4ResourceTypes: ReadonlySet<string> = new Set(
  `Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary
  BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem
  ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication CommunicationRequest
  CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest
  CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement
  DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest
  EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit
  FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy Immunization
  ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List Location
  Measure MeasureReport Media Medication MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest
  MedicationStatement MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication
  MedicinalProductIndication MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured
  MedicinalProductPackaged MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition MessageHeader
  MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition OperationDefinition OperationOutcome
  Organization OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation Person PlanDefinition
  Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup
  ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis Schedule
  SearchParameter ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap Subscription Substance
  SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial
  SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet
  VerificationResult VisionPrescription`.split(/\s+/u),
);

const money = "billing documents; the chart keeps no accounts";
const people = "about organisations and staff of another hospital; ours come from our own staff list";
const reasons: Readonly<Record<string, string>> = {
  Claim: money,
  ClaimResponse: money,
  ExplanationOfBenefit: money,
  Coverage: "insurance is taken at registration, not from an import",
  CarePlan: "another hospital's plan; a plan here is written and signed here",
  CareTeam: people,
  Goal: "another hospital's plan; a plan here is written and signed here",
  Organization: people,
  Practitioner: people,
  PractitionerRole: people,
  Location: people,
  ImagingStudy: "images are kept in the imaging archive; the chart has no place for their index yet",
  Media: "images and recordings are not kept in the chart",
  DiagnosticReport: "groups results that are stored themselves as observations",
  DocumentReference: "documents are not read by the import; ask for the document itself",
  Binary: "documents are not read by the import; ask for the document itself",
  Medication: "read for the names of the prescriptions that refer to it; has no row of its own",
  MedicationStatement: "what a patient reports to take is asked again at admission, not imported as a prescription",
  MedicationAdministration: "doses given elsewhere are not part of the chart",
  MedicationDispense: "what a pharmacy handed out is not part of the chart",
  Device: "devices have no place in the chart yet",
  FamilyMemberHistory: "family history has no place in the chart yet",
  ServiceRequest: "orders of another hospital are not carried on here",
  Provenance: "says who recorded the other resources; the import is audited by itself",
};

/** Why resources of a type are counted and not stored. */
export function notStoredReason(type: string): string {
  return reasons[type] ?? "resources of this type have no place in the chart";
}
