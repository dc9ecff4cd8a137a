import { REDACTED } from "../../shared/clinical/sensitivity";
import type { revealableFields } from "../../shared/ipc/tool-commands";
import type { ToolOutput } from "../../shared/tools/registry";
import { formatDay } from "../design/format";

export type Identity = ToolOutput<"get_patient_phi">;
export type Revealable = (typeof revealableFields)[number];
type Field = Exclude<keyof Identity, "patient_id" | "_access_level">;

/** The identity page's fields from top to bottom; `reveals` where the masked value can be asked for. */
export const identityFields: readonly {
  readonly field: Field;
  readonly label: string;
  readonly reveals?: Revealable;
}[] = [
  { field: "date_of_birth", label: "Date of birth" },
  { field: "ssn", label: "Social security number", reveals: "ssn" },
  { field: "address", label: "Address", reveals: "address" },
  { field: "phone", label: "Phone" },
  { field: "email", label: "E-mail" },
  { field: "emergency_contact", label: "Emergency contact" },
  { field: "insurance_provider", label: "Insurance" },
  { field: "insurance_number", label: "Insurance number" },
];

/** What a field holds: withheld, empty, masked and known are four different things and are told apart. */
export type FieldState =
  | { readonly kind: "withheld"; readonly words: "Not shown to your role" }
  | { readonly kind: "empty"; readonly words: "Not recorded" }
  | { readonly kind: "masked"; readonly words: typeof REDACTED }
  | { readonly kind: "value"; readonly words: string };

export function fieldState(identity: Identity, field: Field): FieldState {
  const value = identity[field];
  if (value === undefined) return { kind: "withheld", words: "Not shown to your role" };
  if (value === null) return { kind: "empty", words: "Not recorded" };
  if (value === REDACTED) return { kind: "masked", words: REDACTED };
  return { kind: "value", words: field === "date_of_birth" ? formatDay(value) : value };
}
