import { identityAssociation, type SealedIdentityField } from "./identity-association";
import { blindIndex, type SealingKey, seal } from "./seal";

/** What identifies a patient beyond the name, as it is typed or imported. */
export interface PlainIdentity {
  readonly date_of_birth: string | null;
  readonly ssn: string | null;
  readonly address: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly emergency_contact: string | null;
}

/** The same as a row of JSON for PostgreSQL: ciphertext and blind indexes in its hex form of bytea. */
export interface SealedIdentity {
  readonly date_of_birth: string | null;
  readonly ssn: string | null;
  readonly ssn_index: string | null;
  readonly address: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly emergency_contact: string | null;
}

const hex = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

/** Digits alone are compared, however the number was written. */
export function ssnIndex(key: SealingKey, ssn: string): Buffer {
  return blindIndex(key, "ssn", ssn.replace(/\D/gu, ""));
}

/** Letters and digits alone are compared, in capitals. */
export function insuranceNumberIndex(key: SealingKey, number: string): Buffer {
  return blindIndex(key, "insurance_number", number.toUpperCase().replace(/[^A-Z0-9]/gu, ""));
}

function sealedField(
  key: SealingKey,
  patientUuid: string,
  field: SealedIdentityField,
  plain: string | null,
): string | null {
  return plain === null ? null : hex(seal(key, plain, identityAssociation(patientUuid, field)));
}

/** Seals an identity for one patient; the birth date stays a date, row policies guard it. */
export function sealIdentity(key: SealingKey, patientUuid: string, plain: PlainIdentity): SealedIdentity {
  return {
    date_of_birth: plain.date_of_birth,
    ssn: sealedField(key, patientUuid, "ssn", plain.ssn),
    ssn_index: plain.ssn === null ? null : hex(ssnIndex(key, plain.ssn)),
    address: sealedField(key, patientUuid, "address", plain.address),
    phone: sealedField(key, patientUuid, "phone", plain.phone),
    email: sealedField(key, patientUuid, "email", plain.email),
    emergency_contact: sealedField(key, patientUuid, "emergency_contact", plain.emergency_contact),
  };
}

/** Seals an insurance number with its blind index. */
export function sealInsurance(
  key: SealingKey,
  patientUuid: string,
  number: string,
): { number: string | null; number_index: string } {
  return {
    number: sealedField(key, patientUuid, "insurance_number", number),
    number_index: hex(insuranceNumberIndex(key, number)),
  };
}
