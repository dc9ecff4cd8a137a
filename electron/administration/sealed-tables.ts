import type { SealedIdentityField } from "../sealing/identity-association";
import { insuranceNumberIndex, ssnIndex } from "../sealing/identity-row";
import type { SealingKey } from "../sealing/seal";

/** A table with fields that the hospital's field key seals; one row a patient. */
export interface SealedTable {
  readonly table: string;
  /** Columns, and the name under which each is sealed. */
  readonly fields: Readonly<Record<string, SealedIdentityField>>;
  /** The blind index that is made from one of them with the same key. */
  readonly index: { readonly column: string; readonly of: string; make(key: SealingKey, plain: string): Buffer };
}

export const sealedTables: readonly SealedTable[] = [
  {
    table: "hospital.patient_identity",
    fields: {
      ssn: "ssn",
      address: "address",
      phone: "phone",
      email: "email",
      emergency_contact: "emergency_contact",
    },
    index: { column: "ssn_index", of: "ssn", make: ssnIndex },
  },
  {
    table: "hospital.patient_insurance",
    fields: { number: "insurance_number" },
    index: { column: "number_index", of: "number", make: insuranceNumberIndex },
  },
];

/** SQL: whether a row holds a field that is sealed with another key than `$1`. */
export function sealedWithAnother({ fields }: SealedTable): string {
  return `EXISTS (SELECT FROM unnest(ARRAY[${Object.keys(fields).join(", ")}]) AS f (sealed) WHERE private.sealed_key_id(f.sealed) <> $1)`;
}
