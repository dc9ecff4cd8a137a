import { z } from "zod";
import { timeSchema } from "./dates";
import { codeOf, concept, hasCode, reference, resourceBase, snomed, statusOf, text, wordsOf } from "./elements";
import type { Entry } from "./entry";
import {
  idOf,
  type Mapped,
  type MappingContext,
  parsedResource,
  remarked,
  requirePatient,
  whyNotStored,
} from "./mapping";

const severity = z.enum(["mild", "moderate", "severe"]);
const allergySchema = z.object({
  ...resourceBase,
  clinicalStatus: concept.optional(),
  verificationStatus: concept.optional(),
  type: z.enum(["allergy", "intolerance"]).optional(),
  criticality: z.enum(["low", "high", "unable-to-assess"]).optional(),
  code: concept.optional(),
  patient: reference,
  onsetDateTime: timeSchema.optional(),
  recordedDate: timeSchema.optional(),
  reaction: z
    .array(
      z.object({
        substance: concept.optional(),
        manifestation: z.array(concept).optional(),
        description: text.optional(),
        severity: severity.optional(),
      }),
    )
    .optional(),
});
type AllergyResource = z.output<typeof allergySchema>;

export interface AllergyRow {
  id: string;
  substance: string;
  reaction: string | null;
  severity: string | null;
  status: string;
  recorded_on: string | null;
  code: string;
  code_system: string;
}
export type MappedAllergy = Mapped<AllergyRow> | { readonly noneKnown: true };

/** "No known allergy": the one statement that makes "none known" of "not asked". */
const noneKnownCodes = new Set(["716186003"]);
/** No known drug, food, environmental, latex allergy: true of a part only, and no substance. */
const partlyNoneKnownCodes = new Set(["409137002", "429625007", "428607008", "1003774007"]);

function worstOf(allergy: AllergyResource): string | null {
  const said = (allergy.reaction ?? []).map((one) => one.severity);
  return severity.options.findLast((level) => said.includes(level)) ?? null;
}

function reactionOf(allergy: AllergyResource): string | null {
  const manifestations = (allergy.reaction ?? []).flatMap((one) => {
    const named = (one.manifestation ?? []).map(wordsOf).filter((words) => words !== null);
    return named.length > 0 ? named : one.description?.trim() ? [one.description.trim()] : [];
  });
  const words = [...new Set(manifestations)].join(", ");
  const risk = allergy.criticality === "high" ? "high risk stated by the source" : null;
  if (words === "") return risk;
  return remarked(words, [risk]);
}

/** An AllergyIntolerance becomes one allergy. Silence about its status leaves it active: the safer reading. */
export function mapAllergy(entry: Entry, context: MappingContext): MappedAllergy {
  const allergy = parsedResource(allergySchema, entry);
  requirePatient(entry, "patient", allergy.patient, context);
  const certainty = statusOf(allergy.verificationStatus);
  const reason = whyNotStored(allergy, certainty);
  if (reason !== null) return { notStored: reason };
  if (certainty === "refuted") return { notStored: "ruled out by its source" };
  const clinical = statusOf(allergy.clinicalStatus);
  const status = clinical === "inactive" || clinical === "resolved" ? clinical : "active";
  if (hasCode(allergy.code, snomed, noneKnownCodes)) {
    return status === "active" ? { noneKnown: true } : { notStored: "says 'no known allergy', and no longer holds" };
  }
  if (hasCode(allergy.code, snomed, partlyNoneKnownCodes)) {
    return { notStored: "rules out one kind of allergy only; the chart asks about all" };
  }
  const substance = wordsOf(allergy.code) ?? wordsOf(allergy.reaction?.find((one) => one.substance)?.substance);
  if (substance === null) return { notStored: "names no substance" };
  return {
    rows: [
      {
        id: idOf(context, entry),
        substance: remarked(substance, [
          allergy.type === "intolerance" ? "intolerance" : null,
          certainty === "unconfirmed" ? "unconfirmed" : null,
        ]),
        reaction: reactionOf(allergy),
        severity: worstOf(allergy),
        status,
        recorded_on: allergy.recordedDate?.day ?? allergy.onsetDateTime?.day ?? null,
        ...codeOf(allergy.code),
      },
    ],
  };
}
