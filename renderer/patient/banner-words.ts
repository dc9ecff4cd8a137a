import type { Allergy, Overview } from "../../shared/clinical/chart";
import { formatDay, yearsBetween } from "../design/format";

const genders: Readonly<Record<Overview["gender"], string>> = {
  female: "Female",
  male: "Male",
  other: "Other",
  unknown: "Not known",
};

export function genderWord(gender: Overview["gender"]): string {
  return genders[gender];
}

/** `ARNOLD, Leah` and `(Mrs)`; a name without a title is all name. */
export function partedName(name: string): { readonly bare: string; readonly title: string | null } {
  const [, bare, title] = /^(.*\S) (\([^()]+\))$/u.exec(name) ?? [];
  return bare === undefined || title === undefined ? { bare: name, title: null } : { bare, title };
}

/** `Born 14-Jul-1985 (41y)` where the birth date is given, `Born 1985` where only the year is, else that it is not recorded. */
export function bornWords(birthYear: number | null, birthDate: string | null | undefined, today: string): string {
  if (birthDate && /^\d{4}-\d\d-\d\d$/u.test(birthDate))
    return `Born ${formatDay(birthDate)} (${yearsBetween(birthDate, today)}y)`;
  return birthYear === null ? "Birth date not recorded" : `Born ${birthYear}`;
}

/** One allergy in words: `Penicillin: anaphylaxis (severe)`. */
export function allergyWords(allergy: Allergy): string {
  const reaction = allergy.reaction ?? "reaction not recorded";
  return `${allergy.substance}: ${reaction}${allergy.severity ? ` (${allergy.severity})` : ""}`;
}

/** What the banner says of allergies. "None known" is an answer that someone gave; "not asked" is the lack of one. */
export type AllergySummary =
  | { readonly kind: "none-known"; readonly words: "No known allergies" }
  | { readonly kind: "not-asked"; readonly words: "Not asked" }
  | { readonly kind: "none-active"; readonly words: string }
  | { readonly kind: "recorded"; readonly allergies: readonly Allergy[] };

const weight = { severe: 0, moderate: 1, mild: 2 } as const;

export function allergySummary(
  status: "recorded" | "none-known" | "not-asked",
  allergies: readonly Allergy[],
): AllergySummary {
  const active = allergies.filter((allergy) => allergy.status === "active");
  // An active allergy is shown whatever the status says: the dangerous reading of a contradiction wins.
  if (active.length > 0) {
    // Severe first; one whose severity nobody recorded is not called mild.
    const rank = (allergy: Allergy) => (allergy.severity === null ? 0.5 : weight[allergy.severity]);
    return { kind: "recorded", allergies: [...active].sort((one, other) => rank(one) - rank(other)) };
  }
  if (status === "none-known") return { kind: "none-known", words: "No known allergies" };
  if (status === "not-asked") return { kind: "not-asked", words: "Not asked" };
  const past = allergies.length;
  return { kind: "none-active", words: past === 0 ? "None recorded" : `None active (${past} no longer active)` };
}

/** What the decision about resuscitation says. "Not recorded" is the lack of one, and no decision to attempt it. */
export function resuscitationWords(status: "attempt-cpr" | "do-not-attempt-cpr" | null): string {
  if (status === "do-not-attempt-cpr") return "Do not attempt CPR";
  return status === "attempt-cpr" ? "Attempt CPR" : "Not recorded";
}
