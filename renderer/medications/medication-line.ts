import type { Medication } from "../../shared/clinical/chart";

/**
 * A dose as it may be printed: no trailing zero (5.0 reads as 50), a zero before the point, and the units that are
 * misread (U, IU, µg, mcg) written out. The value itself is never changed.
 */
export function printedDose(dose: string): string {
  return dose
    .trim()
    .replace(/(\d+)\.(\d*?)0+(?=\D|$)/gu, (_all, whole: string, rest: string) =>
      rest === "" ? whole : `${whole}.${rest}`,
    )
    .replace(/(^|[^\d.])\.(\d)/gu, "$10.$2")
    .replace(/(?<=\d\s*)(?:µg|μg|mcg|ug)\b/giu, (_unit, at: number, all: string) => spaced("micrograms", all, at))
    .replace(/(?<=\d\s*)(?:IU|U)\b/gu, (_unit, at: number, all: string) => spaced("units", all, at));
}

function spaced(unit: string, all: string, at: number): string {
  return /\s/u.test(all[at - 1] ?? "") ? unit : ` ${unit}`;
}

export interface MedicationLine {
  readonly generic: string;
  /** Brand in capitals, form, in this order; what is missing is left out. */
  readonly before: readonly string[];
  /** null when the source gave none; then the line says so. */
  readonly dose: string | null;
  readonly after: readonly string[];
}

/** The parts of the line: generic – BRAND – form – DOSE – route – frequency. */
export function medicationLine(medication: Medication): MedicationLine {
  const { generic, brand, form, dose, route, frequency } = medication;
  const present = (part: string | null): part is string => part !== null && part.trim() !== "";
  return {
    generic,
    before: [brand?.toLocaleUpperCase("en") ?? null, form].filter(present),
    dose: present(dose) ? printedDose(dose) : null,
    after: [route, frequency ?? (medication.as_needed ? "as needed" : null)].filter(present),
  };
}
