import { REDACTED } from "../../../shared/clinical/sensitivity";
import type { ToolOutput } from "../../../shared/tools/registry";
import { day, link, plain } from "./say";
import { called, failed, type PatientAnswer, type Scene } from "./scene";

type Identity = ToolOutput<"get_patient_phi">;

const fields: readonly {
  readonly key: Exclude<keyof Identity, "patient_id" | "_access_level">;
  readonly name: string;
  readonly says: RegExp;
}[] = [
  { key: "date_of_birth", name: "Date of birth", says: /birth|\bdob\b|\bborn\b/u },
  { key: "ssn", name: "Social Security number", says: /\bssn\b|social security/u },
  { key: "address", name: "Address", says: /(?<!e-?mail )\baddress|where does\b.*\blive/u },
  { key: "phone", name: "Phone", says: /phone|mobile|contact (?:details|number)/u },
  { key: "email", name: "E-mail", says: /e-?mail|contact details/u },
  { key: "emergency_contact", name: "Emergency contact", says: /emergency|next of kin|relatives?|contact person/u },
  { key: "insurance_provider", name: "Insurance provider", says: /insur/u },
  { key: "insurance_number", name: "Insurance number", says: /insur/u },
];

/** Identity data as far as this answer may hold them: what is masked is said to be masked, never guessed. */
export const identityAnswer: PatientAnswer = (patient, ask, scene) => {
  const found = scene.desk.look("get_patient_phi", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const asked = fields.filter((field) => field.says.test(ask.words));
  const shown = asked.length > 0 ? asked : fields;
  const lines = shown.map((field) => `- ${field.name}: ${wording(found.value, field.key, scene)}`);
  const masked = shown.some((field) => found.value[field.key] === REDACTED);
  const tab = link("Identity tab", patient.id, "identity");
  const withheld = shown.every((field) => found.value[field.key] === undefined);
  const where = !masked
    ? withheld
      ? "Ask “What may I see?” for what your role sees."
      : `From the ${tab}.`
    : found.value._access_level === "full"
      ? `What is masked here can be revealed on the ${tab}, with a reason; each reveal is audited.`
      : `Your role (${scene.role}) sees these fields masked, also on the ${tab}.`;
  return [`${called(patient)}:`, "", ...lines, "", where].join("\n");
};

function wording(identity: Identity, key: (typeof fields)[number]["key"], { role }: Scene): string {
  const value = identity[key];
  if (value === undefined) return `not shown to your role (${role})`;
  if (value === null) return "not recorded";
  if (value === REDACTED) return "masked";
  return key === "date_of_birth" ? day(value) : plain(value);
}
