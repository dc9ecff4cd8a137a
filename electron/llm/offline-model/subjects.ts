import { commonWords } from "./common-words";
import { spelledLikeASubstance } from "./substances";
import type { Word } from "./words";

/** Whom a question names. */
export type Subject =
  | { readonly kind: "number"; readonly number: string }
  | { readonly kind: "bed"; readonly bed: string }
  | {
      readonly kind: "name";
      /** Folded words of the name in the order typed. */
      readonly words: readonly string[];
      readonly shown: string;
      /** `mrs` before the name, where one was typed. */
      readonly title: string | undefined;
      /** False for an unknown word that may be a name: it counts only when somebody bears it. */
      readonly certain: boolean;
    };

const titles = new Set(["mr", "mrs", "ms", "miss", "master", "mister"]);
const staffTitles = new Set(["dr", "doctor", "nurse", "sister", "prof", "professor"]);
const namesFollow = new Set(["for", "of", "about", "patient", "named", "called", "find"]);
const numbersFollow = new Set(["patient", "number", "no", "for"]);
const noNumber =
  /^(?:news2?|spo2|sp02|hba1c|a1c|o2|co2|h2o|b12|b6|d3|t3|t4|k1|covid19|icd10|\d+(?:h|hr|hrs|am|pm|mg|mcg|ml|g|kg|cm|mm|st|nd|rd|th|d|x|c|f|min|mins|bpm|l|pc|s)|(?:stf|staff)\d+|c19|24h|h1n1|q\d+h?)$/iu;
const wardCode = /^(?:\d{1,2}[a-z]|[a-z]{1,4}\d{1,2})$/iu;

/** The patients, beds and ward that a question names. `taken` are substances, which are nobody's name. */
export function findSubjects(
  words: readonly Word[],
  taken: readonly string[],
): { subjects: Subject[]; ward: string | undefined } {
  const subjects: Subject[] = [];
  const substance = new Set(taken.flatMap((name) => name.split(" ")));
  const used = new Set<number>();
  const ward = takeWard(words, used);
  for (const [place, word] of words.entries()) {
    const next = words[place + 1];
    if (word.key === "bed" && next && /^(?:\d|[a-z]$|[\da-z]+-)/u.test(next.key)) {
      subjects.push({ kind: "bed", bed: next.text.toUpperCase() });
      used.add(place + 1);
    }
  }
  let name: Word[] = [];
  let certain = false;
  let title: string | undefined;
  const close = () => {
    if (name.length > 0) subjects.push(nameOf(name, certain, title));
    name = [];
    certain = false;
    title = undefined;
  };
  for (const [place, word] of words.entries()) {
    const before = words[place - 1];
    const isNumber = !used.has(place) && isPatientNumber(word.text, before?.key);
    if (isNumber) {
      close();
      subjects.push({ kind: "number", number: word.text.toUpperCase() });
      continue;
    }
    const afterTitle = before !== undefined && titles.has(before.key);
    const afterStaffTitle = before !== undefined && staffTitles.has(before.key) && word.capital;
    if (
      used.has(place) ||
      substance.has(word.key) ||
      afterStaffTitle ||
      !isNameLike(word, afterTitle, name.length > 0)
    ) {
      close();
      continue;
    }
    const joins = name.length > 0 && !word.afterBreak && name.length < 4 && !(name.at(-1)?.possessive ?? false);
    if (!joins) close();
    if (name.length > 0 && word.afterComma && !isSurnameFirst(name)) close();
    name.push(word);
    if (afterTitle) title = before.key;
    certain ||= (before?.key === "and" || before?.key === "or") && subjects.some(isCertain);
    const alone = place === 0 && words.length <= 3;
    certain ||=
      afterTitle || word.possessive || (word.capital && (place > 0 || alone)) || namesFollow.has(before?.key ?? "");
  }
  close();
  // Beside somebody who is clearly named, an unknown word is just a word.
  const clear = subjects.filter(isCertain);
  return { subjects: distinct(clear.length > 0 ? clear : subjects), ward };
}

function isCertain(subject: Subject): boolean {
  return subject.kind !== "name" || subject.certain;
}

function isPatientNumber(text: string, before: string | undefined): boolean {
  if (!/^[a-z0-9]{3,12}$/iu.test(text) || !/\d/u.test(text) || noNumber.test(text)) return false;
  return /[a-z]/iu.test(text) || numbersFollow.has(before ?? "");
}

/** `ward 5A`, or a code that can be nothing else. */
function takeWard(words: readonly Word[], used: Set<number>): string | undefined {
  for (const [place, word] of words.entries()) {
    const next = words[place + 1];
    if (word.key === "ward" && next && wardCode.test(next.text)) {
      used.add(place + 1);
      return next.text.toUpperCase();
    }
    if (/^\d{1,2}[a-z]$/iu.test(word.text) && next?.key === "ward") {
      used.add(place);
      return word.text.toUpperCase();
    }
    if (/^(?:on|in|at)$/u.test(words[place - 1]?.key ?? "") && /^\d{1,2}[A-Z]$/u.test(word.text)) {
      used.add(place);
      return word.text;
    }
  }
  return undefined;
}

function isNameLike(word: Word, afterTitle: boolean, inName: boolean): boolean {
  if (!/^[\p{L}][\p{L}'-]+$/u.test(word.text)) return false;
  if (afterTitle) return true;
  if (!commonWords.has(word.key)) return !spelledLikeASubstance.test(word.key) || (word.capital && inName);
  // "Rose" and "May" are names next to another one.
  return inName && word.capital && !word.afterBreak;
}

/** `ARNOLD, Leah`: a comma belongs to the name only after a surname in capitals. */
function isSurnameFirst(name: readonly Word[]): boolean {
  return name.every((word) => word.text.length > 1 && word.text === word.text.toUpperCase());
}

function nameOf(name: readonly Word[], certain: boolean, title: string | undefined): Subject {
  return {
    kind: "name",
    words: name.map((word) => word.key),
    shown: name.map((word) => word.text).join(" "),
    title,
    certain,
  };
}

function distinct(subjects: readonly Subject[]): Subject[] {
  const seen = new Set<string>();
  return subjects.filter((subject) => {
    const key = JSON.stringify({ ...subject, shown: "", certain: true });
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
