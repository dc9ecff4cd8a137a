export const sealedIdentityFields = [
  "ssn",
  "address",
  "phone",
  "email",
  "emergency_contact",
  "insurance_number",
] as const;
export type SealedIdentityField = (typeof sealedIdentityFields)[number];

/** Binds a sealed identity field to its patient and column. */
export function identityAssociation(patientUuid: string, field: SealedIdentityField): string {
  return `identity|${patientUuid.toLowerCase()}|${field}`;
}
