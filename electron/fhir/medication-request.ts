import { z } from "zod";
import { timeSchema } from "./dates";
import { dosageSchema, dosageWords } from "./dosage";
import { type Concept, codeOf, concept, reference, resourceBase, wordsOf } from "./elements";
import type { Entry } from "./entry";
import { BundleFault, entryPlace } from "./fault";
import { idOf, type Mapped, type MappingContext, parsedResource, requirePatient, whyNotStored } from "./mapping";

const medicineSchema = z.object({ code: concept.optional(), form: concept.optional() });
const requestSchema = z.object({
  ...resourceBase,
  status: z.enum(["active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"]),
  intent: z.enum([
    "proposal",
    "plan",
    "order",
    "original-order",
    "reflex-order",
    "filler-order",
    "instance-order",
    "option",
  ]),
  doNotPerform: z.boolean().optional(),
  contained: z.array(z.looseObject({})).optional(),
  medicationCodeableConcept: concept.optional(),
  medicationReference: reference.optional(),
  subject: reference,
  authoredOn: timeSchema.optional(),
  dosageInstruction: z.array(dosageSchema).optional(),
});
type Request = z.output<typeof requestSchema>;

export interface MedicationRow {
  id: string;
  generic: string;
  brand: null;
  form: string | null;
  dose: string | null;
  route: string | null;
  frequency: string | null;
  due_times: string[];
  as_needed: boolean;
  status: string;
  started_on: string | null;
  stopped_on: string | null;
  code: string;
  code_system: string;
}

/** The medicine itself, from the request or from the Medication it refers to, inside it or elsewhere in the Bundle. */
function medicineOf(
  request: Request,
  entry: Entry,
  context: MappingContext,
): { code: Concept | undefined; form: Concept | undefined } {
  if (request.medicationCodeableConcept) return { code: request.medicationCodeableConcept, form: undefined };
  const target = request.medicationReference;
  const inner = target?.reference?.startsWith("#")
    ? request.contained?.find((one) => one["id"] === target.reference?.slice(1))
    : context.references.find(target)?.resource;
  if (inner !== undefined) {
    const medicine = medicineSchema.safeParse(inner);
    if (!medicine.success)
      throw new BundleFault(
        entryPlace(entry.index, entry.type, ["medicationReference"]),
        "refers to a Medication that cannot be read",
      );
    if (wordsOf(medicine.data.code) !== null) return { code: medicine.data.code, form: medicine.data.form };
  }
  // The reference may lead out of the file; its own words still name the medicine.
  return { code: target?.display ? { text: target.display } : undefined, form: undefined };
}

/** A MedicationRequest becomes one medication. Suggestions and "do not give" are never shown as prescriptions. */
export function mapMedicationRequest(entry: Entry, context: MappingContext): Mapped<MedicationRow> {
  const request = parsedResource(requestSchema, entry);
  requirePatient(entry, "subject", request.subject, context);
  const reason = whyNotStored(request, request.status);
  if (reason !== null) return { notStored: reason };
  if (request.doNotPerform === true)
    return { notStored: "says that a medicine must not be given; read it in the source" };
  if (request.status === "draft") return { notStored: "a draft, not a prescription" };
  if (["proposal", "plan", "option"].includes(request.intent))
    return { notStored: "a proposal or plan, not a prescription" };
  const medicine = medicineOf(request, entry, context);
  const generic = wordsOf(medicine.code);
  if (generic === null)
    throw new BundleFault(
      entryPlace(entry.index, entry.type, ["medication"]),
      "names no medicine, nor does what it refers to",
    );
  const dosage = dosageWords(request.dosageInstruction ?? []);
  return {
    rows: [
      {
        id: idOf(context, entry),
        generic,
        brand: null,
        form: wordsOf(medicine.form),
        ...dosage,
        status: request.status,
        started_on: dosage.started_on ?? request.authoredOn?.day ?? null,
        ...codeOf(medicine.code),
      },
    ],
  };
}
