import { commonWords } from "./common-words";

export interface Word {
  /** As it was typed, without a possessive ending. */
  readonly text: string;
  /** Lower case, accents folded. */
  readonly key: string;
  readonly possessive: boolean;
  readonly capital: boolean;
  /** Something other than a space or a comma stands between this word and the one before. */
  readonly afterBreak: boolean;
  /** A comma stands between this word and the one before. */
  readonly afterComma: boolean;
}

/** Folds case, accents and typographic quotes, so that one spelling is compared. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[‘’ʼ`´]/gu, "'")
    .replace(/[‐-―]/gu, "-")
    .toLowerCase();
}

/** The words of a question, with what a reader would notice about each. */
export function wordsOf(text: string): Word[] {
  const straight = text.replace(/[‘’ʼ`´]/gu, "'");
  const shouting = straight === straight.toUpperCase();
  const words: Word[] = [];
  let end = 0;
  for (const match of straight.matchAll(/[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*'?/gu)) {
    const raw = match[0];
    const possessive = /(?:'s|s')$/iu.test(raw);
    const bare = raw.replace(/'s?$/iu, "");
    const gap = straight.slice(end, match.index);
    words.push({
      text: bare,
      key: fold(bare),
      possessive,
      capital: !shouting && /^\p{Lu}/u.test(bare),
      afterBreak: words.length === 0 || /[^\s,]/u.test(gap),
      afterComma: gap.includes(","),
    });
    end = match.index + raw.length;
  }
  return words;
}

/** Edit distance with neighbouring letters swapped counted once; stops counting above `limit`. */
export function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let least = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      line.push(least);
    }
    before = above;
    above = line;
  }
  return above[other.length] ?? limit + 1;
}

/** Words worth mending when they are misspelt: those that decide what a question is about. */
const keywords =
  `allergies allergic allergy medications medication medicines medicine prescribed temperature pressure respiratory saturation oxygen
  observations observation vitals appointment appointments admission admissions admitted diagnosis diagnoses diagnosed conditions
  records record medical notes sickest highest overview treatment treatments schedule shifts insurance address telephone emergency contact
  security birthday vaccinations immunizations procedures patient patients pulse blood systolic diastolic trend yesterday
  penicillin discharged deteriorating summary handover potassium sodium creatinine haemoglobin glucose laboratory`
    .split(/\s+/u)
    .filter((word) => word !== "");

/** The keyword that a misspelt word most likely is; the word itself when it is known or near none. */
export function mend(key: string): string {
  if (key.length < 5 || commonWords.has(key) || keywords.includes(key)) return key;
  const limit = key.length >= 8 ? 2 : 1;
  let best: { word: string; far: number } | undefined;
  for (const word of keywords) {
    const far = distance(key, word, limit);
    if (far <= limit && word[0] === key[0] && (!best || far < best.far)) best = { word, far };
  }
  return best?.word ?? key;
}
