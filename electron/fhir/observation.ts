import { z } from "zod";
import { type FhirTime, momentOf, timeSchema } from "./dates";
import { type Concept, codeOf, concept, period, reference, resourceBase, wordsOf } from "./elements";
import type { Entry } from "./entry";
import { idOf, type MappingContext, parsedResource, remarked, requirePatient, whyNotStored } from "./mapping";
import { hasValue, type ObservationValue, valueColumns, valueElements } from "./observation-value";
import { type VitalSignsByTime, vitalFieldOf, vitalValueOf } from "./vital-signs";

const component = z.object({ code: concept, ...valueElements });
const observationSchema = z.object({
  ...resourceBase,
  status: z.enum([
    "registered",
    "preliminary",
    "final",
    "amended",
    "corrected",
    "cancelled",
    "entered-in-error",
    "unknown",
  ]),
  category: z.array(concept).optional(),
  code: concept,
  subject: reference.optional(),
  focus: z.array(reference).optional(),
  effectiveDateTime: timeSchema.optional(),
  effectivePeriod: period.optional(),
  effectiveInstant: timeSchema.optional(),
  effectiveTiming: z.object({ event: z.array(timeSchema).optional() }).optional(),
  issued: timeSchema.optional(),
  ...valueElements,
  component: z.array(component).optional(),
  hasMember: z.array(reference).optional(),
});
type ObservationResource = z.output<typeof observationSchema>;

export interface ObservationRow {
  id: string;
  category: "vital-signs" | "laboratory" | "survey" | "other";
  code: string;
  code_system: string;
  display: string;
  value: number | null;
  value_text: string | null;
  unit: string | null;
  measured_at: string;
}
/** `keys` name what carries the resource among the stored values: ids of its rows, and values in sets of vital signs. */
export type MappedObservation = { rows: ObservationRow[]; keys: string[] } | { notStored: string };

function categoryOf(all: readonly Concept[] | undefined): ObservationRow["category"] {
  const codes = (all ?? []).flatMap((one) => one.coding ?? []).map((one) => one.code);
  return (["vital-signs", "laboratory", "survey"] as const).find((known) => codes.includes(known)) ?? "other";
}

/** When it was measured; the start of a longer measurement, because a figure must never look fresher than it is. */
function effectiveOf(observation: ObservationResource): FhirTime | undefined {
  const { effectivePeriod } = observation;
  return (
    observation.effectiveDateTime ??
    observation.effectiveInstant ??
    effectivePeriod?.start ??
    effectivePeriod?.end ??
    observation.effectiveTiming?.event?.[0]
  );
}

function reasonAgainst(observation: ObservationResource): string | null {
  const common = whyNotStored(observation, observation.status);
  if (common !== null) return common;
  if (observation.status === "cancelled") return "cancelled by its source";
  if (observation.subject === undefined) return "names no patient";
  if ((observation.focus?.length ?? 0) > 0) return "is about somebody or something else than the patient";
  const measured = hasValue(observation) || (observation.component?.length ?? 0) > 0;
  if (!measured && (observation.hasMember?.length ?? 0) > 0) return "groups results that are stored themselves";
  return null;
}

interface Part {
  readonly suffix: string;
  readonly code: Concept;
  readonly value: ObservationValue;
  readonly words: string;
}

/** The observation itself where it has a value, and each of its components. */
function partsOf(observation: ObservationResource, words: string): Part[] {
  const components = (observation.component ?? []).map((one, index) => ({
    suffix: `#${index}`,
    code: one.code,
    value: one,
    words: `${words}: ${wordsOf(one.code) ?? "not named"}`,
  }));
  if (components.length > 0 && !hasValue(observation)) return components;
  return [{ suffix: "", code: observation.code, value: observation, words }, ...components];
}

/**
 * An Observation becomes values in a set of vital signs where its code, its unit and its moment are known exactly, and
 * otherwise a row of its own for each value, so that nothing unchecked reaches a score.
 */
export function mapObservation(entry: Entry, context: MappingContext, sets: VitalSignsByTime): MappedObservation {
  const observation = parsedResource(observationSchema, entry);
  if (observation.subject !== undefined) requirePatient(entry, "subject", observation.subject, context);
  const reason = reasonAgainst(observation);
  if (reason !== null) return { notStored: reason };
  const words = wordsOf(observation.code);
  if (words === null) return { notStored: "does not say what was measured" };
  const effective = effectiveOf(observation);
  // A result that says only when it was issued is at least as old as that.
  const measuredAt = momentOf(effective ?? observation.issued);
  if (measuredAt === null) return { notStored: "gives no day of measurement" };
  const isSettled = observation.status !== "preliminary" && observation.status !== "registered";

  const rows: ObservationRow[] = [];
  const keys: string[] = [];
  for (const part of partsOf(observation, words)) {
    const field = vitalFieldOf(part.code);
    const value = field === null ? null : vitalValueOf(field, part.value.valueQuantity);
    const moment = effective?.moment ?? null;
    const key =
      field === null || value === null || moment === null || !isSettled ? null : sets.add(moment, field, value);
    if (key !== null) {
      keys.push(key);
      continue;
    }
    const id = idOf(context, entry, part.suffix);
    rows.push({
      id,
      category: categoryOf(observation.category),
      ...codeOf(part.code),
      display: remarked(part.words, [isSettled ? null : observation.status]),
      ...valueColumns(part.value),
      measured_at: measuredAt,
    });
    keys.push(id);
  }
  return { rows, keys };
}
