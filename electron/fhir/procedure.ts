import { z } from "zod";
import { momentOf, partialRemark, timeSchema } from "./dates";
import { codeOf, concept, period, quantity, range, reference, resourceBase, text, wordsOf } from "./elements";
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

const procedureSchema = z.object({
  ...resourceBase,
  status: z.enum([
    "preparation",
    "in-progress",
    "not-done",
    "on-hold",
    "stopped",
    "completed",
    "entered-in-error",
    "unknown",
  ]),
  code: concept.optional(),
  subject: reference,
  performedDateTime: timeSchema.optional(),
  performedPeriod: period.optional(),
  performedString: text.optional(),
  performedAge: quantity.optional(),
  performedRange: range.optional(),
});

export interface ProcedureRow {
  id: string;
  code: string;
  code_system: string;
  display: string;
  status: string;
  performed_at: string | null;
}

/** A Procedure becomes one procedure; one that was not done is none. */
export function mapProcedure(entry: Entry, context: MappingContext): Mapped<ProcedureRow> {
  const procedure = parsedResource(procedureSchema, entry);
  requirePatient(entry, "subject", procedure.subject, context);
  const reason = whyNotStored(procedure, procedure.status);
  if (reason !== null) return { notStored: reason };
  if (procedure.status === "not-done") return { notStored: "was not done" };
  const words = wordsOf(procedure.code);
  if (words === null) return { notStored: "names no procedure" };
  const performed = procedure.performedDateTime ?? procedure.performedPeriod?.start ?? procedure.performedPeriod?.end;
  const inWords =
    quantityWords(procedure.performedAge) ?? rangeWords(procedure.performedRange) ?? procedure.performedString;
  return {
    rows: [
      {
        id: idOf(context, entry),
        ...codeOf(procedure.code),
        display: remarked(words, [
          typeof inWords === "string" ? `performed ${inWords}` : partialRemark("performed", performed),
        ]),
        status: procedure.status,
        performed_at: momentOf(performed),
      },
    ],
  };
}
