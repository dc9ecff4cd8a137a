import { z } from "zod";
import { momentOf, partialRemark } from "./dates";
import { codeOf, coding, concept, period, reference, resourceBase, wordsOf } from "./elements";
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

const encounterSchema = z.object({
  ...resourceBase,
  status: z.enum([
    "planned",
    "arrived",
    "triaged",
    "in-progress",
    "onleave",
    "finished",
    "cancelled",
    "entered-in-error",
    "unknown",
  ]),
  class: coding,
  type: z.array(concept).optional(),
  reasonCode: z.array(concept).optional(),
  subject: reference.optional(),
  period: period.optional(),
});

/** Codes of v3-ActCode in words; anything else is shown as it came. */
const classWords: Readonly<Record<string, string>> = {
  AMB: "ambulatory",
  EMER: "emergency",
  FLD: "field",
  HH: "home health",
  IMP: "inpatient",
  ACUTE: "inpatient, acute",
  NONAC: "inpatient, non-acute",
  OBSENC: "observation",
  PRENC: "before admission",
  SS: "short stay",
  VR: "virtual",
};

export interface EncounterRow {
  id: string;
  class: string;
  code: string;
  code_system: string;
  display: string;
  status: string;
  started_at: string | null;
  ended_at: string | null;
}

/** An Encounter becomes one encounter, with its first type and, in words, its reasons. */
export function mapEncounter(entry: Entry, context: MappingContext): Mapped<EncounterRow> {
  const encounter = parsedResource(encounterSchema, entry);
  const reason = whyNotStored(encounter, encounter.status);
  if (reason !== null) return { notStored: reason };
  if (encounter.subject === undefined) return { notStored: "names no patient" };
  requirePatient(entry, "subject", encounter.subject, context);
  const type = encounter.type?.[0];
  const name = encounter.class.code ?? encounter.class.display;
  const kind = (name === undefined ? undefined : classWords[name]) ?? name ?? "not given";
  const why = (encounter.reasonCode ?? []).map(wordsOf).filter((words) => words !== null);
  return {
    rows: [
      {
        id: idOf(context, entry),
        class: kind,
        ...codeOf(type),
        display: remarked(wordsOf(type) ?? `Encounter, ${kind}`, [
          why.length > 0 ? `for ${why.join(", ")}` : null,
          partialRemark("began", encounter.period?.start),
          partialRemark("ended", encounter.period?.end),
        ]),
        status: encounter.status,
        started_at: momentOf(encounter.period?.start),
        ended_at: momentOf(encounter.period?.end),
      },
    ],
  };
}
