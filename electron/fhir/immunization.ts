import { z } from "zod";
import { momentOf, partialRemark, timeSchema } from "./dates";
import { codeOf, concept, reference, resourceBase, text, wordsOf } from "./elements";
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

const immunizationSchema = z.object({
  ...resourceBase,
  status: z.enum(["completed", "entered-in-error", "not-done"]),
  vaccineCode: concept,
  patient: reference,
  occurrenceDateTime: timeSchema.optional(),
  occurrenceString: text.optional(),
});

export interface ImmunizationRow {
  id: string;
  code: string;
  code_system: string;
  display: string;
  status: string;
  occurred_at: string | null;
}

/** An Immunization becomes one immunization; one that was not given is none. */
export function mapImmunization(entry: Entry, context: MappingContext): Mapped<ImmunizationRow> {
  const given = parsedResource(immunizationSchema, entry);
  requirePatient(entry, "patient", given.patient, context);
  const reason = whyNotStored(given, given.status);
  if (reason !== null) return { notStored: reason };
  if (given.status === "not-done") return { notStored: "was not given" };
  const words = wordsOf(given.vaccineCode);
  if (words === null) return { notStored: "names no vaccine" };
  const remark = given.occurrenceString
    ? `given ${given.occurrenceString}`
    : partialRemark("given", given.occurrenceDateTime);
  return {
    rows: [
      {
        id: idOf(context, entry),
        ...codeOf(given.vaccineCode),
        display: remarked(words, [remark]),
        status: given.status,
        occurred_at: momentOf(given.occurrenceDateTime),
      },
    ],
  };
}
