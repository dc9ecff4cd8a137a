import { z } from "zod";
import { partialRemark, timeSchema } from "./dates";
import { codeOf, concept, period, quantity, range, reference, resourceBase, statusOf, text, wordsOf } from "./elements";
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
import { quantityWords, rangeWords } from "./quantities";

const clinicalStatus = z.enum(["active", "recurrence", "relapse", "inactive", "remission", "resolved"]);
const conditionSchema = z.object({
  ...resourceBase,
  clinicalStatus: concept.optional(),
  verificationStatus: concept.optional(),
  code: concept.optional(),
  subject: reference,
  onsetDateTime: timeSchema.optional(),
  onsetAge: quantity.optional(),
  onsetPeriod: period.optional(),
  onsetRange: range.optional(),
  onsetString: text.optional(),
  abatementDateTime: timeSchema.optional(),
  abatementAge: quantity.optional(),
  abatementPeriod: period.optional(),
  abatementRange: range.optional(),
  abatementString: text.optional(),
});

export interface DiagnosisRow {
  id: string;
  code: string;
  code_system: string;
  display: string;
  status: string;
  onset_on: string | null;
  resolved_on: string | null;
}

const isSaid = (words: string | null | undefined): words is string => words !== null && words !== undefined;

/** A Condition becomes one diagnosis. What was ruled out is never shown as one. */
export function mapCondition(entry: Entry, context: MappingContext): Mapped<DiagnosisRow> {
  const condition = parsedResource(conditionSchema, entry);
  requirePatient(entry, "subject", condition.subject, context);
  const certainty = statusOf(condition.verificationStatus);
  const reason = whyNotStored(condition, certainty);
  if (reason !== null) return { notStored: reason };
  if (certainty === "refuted") return { notStored: "ruled out by its source" };
  const words = wordsOf(condition.code);
  if (words === null) return { notStored: "names no condition" };

  const onset = condition.onsetDateTime ?? condition.onsetPeriod?.start;
  const end = condition.abatementDateTime ?? condition.abatementPeriod?.end;
  const onsetWords = quantityWords(condition.onsetAge) ?? rangeWords(condition.onsetRange) ?? condition.onsetString;
  const endWords =
    quantityWords(condition.abatementAge) ?? rangeWords(condition.abatementRange) ?? condition.abatementString;
  const known = clinicalStatus.safeParse(statusOf(condition.clinicalStatus));
  const hasEnded = end !== undefined || isSaid(endWords);
  return {
    rows: [
      {
        id: idOf(context, entry),
        ...codeOf(condition.code),
        display: remarked(words, [
          certainty === "unconfirmed" || certainty === "provisional" || certainty === "differential" ? certainty : null,
          isSaid(onsetWords) ? `onset ${onsetWords}` : partialRemark("onset", onset),
          isSaid(endWords) ? `ended ${endWords}` : partialRemark("ended", end),
        ]),
        status: known.success ? known.data : hasEnded ? "resolved" : "unknown",
        onset_on: onset?.day ?? null,
        resolved_on: end?.day ?? null,
      },
    ],
  };
}
