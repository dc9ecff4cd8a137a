import { commonWords } from "./common-words";

/** What stands before the name of a substance or a medicine; the name begins where the match ends. */
const leads: readonly RegExp[] = [
  /(?:allerg(?:ic|y|ies)|intoleran(?:t|ce)|sensitiv(?:e|ity)|react(?:s|ed|ions?)?|anaphyla(?:xis|ctic)) to /u,
  /\b(?:is|was|are|be|been) (?:mrs? |ms |miss )?(?!new|latest|the|any|news|update|there)[a-z'-]+ (?:still |currently |now |already )?on /u,
  /\b(?:still|put|started|starting) on /u,
  /\b(?:taking|takes|prescribed|dos(?:e|es|age) of|receiving|tolerating) /u,
  /\bgive (?:her|him|them|the patient) /u,
];
const fillers = new Set(["any", "the", "some", "her", "his", "a"]);
const before = /\b([a-z][a-z0-9-]{2,}) (?:allergy|intolerance)\b/u;

/** Only what is spelt like a medicine or known as an allergen: such a word is never taken for a patient's name. */
export const spelledLikeASubstance =
  /(?:cillin|mycin|floxacin|azole|statin|parin|profen|sartan|caine|cycline|sulfa|codeine|morphine|aspirin|cetamol|formin|farin|latex|nut|nuts|peanut|egg|milk|shellfish|iodine|contrast|pollen|gluten|soya?|plaster|penicillins)$/u;

/** The substances after "allergic to", the medicines after "is she on": named things that are no patient. */
export function namedSubstances(words: string): string[] {
  for (const lead of leads) {
    const match = lead.exec(words);
    if (!match) continue;
    const named = listFrom(words.slice(match.index + match[0].length).split(" "));
    if (named.length > 0) return named;
  }
  const word = before.exec(words)?.[1];
  return word && spelledLikeASubstance.test(word) ? [word] : [];
}

/** `latex or penicillin today` is latex and penicillin: words up to the first that is everyday English. */
function listFrom(words: readonly string[]): string[] {
  const found: string[] = [];
  let current: string[] = [];
  for (const word of words) {
    if (word === "and" || word === "or") {
      if (current.length > 0) found.push(current.join(" "));
      current = [];
    } else if (current.length === 0 && fillers.has(word)) continue;
    else if ((commonWords.has(word) && !spelledLikeASubstance.test(word)) || word.endsWith("'s") || /\d/u.test(word))
      break;
    else current.push(word);
  }
  if (current.length > 0) found.push(current.join(" "));
  return found;
}
