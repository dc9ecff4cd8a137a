/** Characters after NFKC. NIST SP 800-63B-4, 3.1.1.2: 15 where the password stands alone, 8 beside a second factor. */
export const SHORTEST_ALONE = 15;
export const SHORTEST_WITH_FACTOR = 8;
export const LONGEST = 256;

/** What is known of the person, so that a password is not made of it. */
export interface PasswordContext {
  readonly username: string;
  readonly name: string;
  readonly secondFactor: boolean;
  /** Lower case; the list that guessing begins with. */
  readonly common: ReadonlySet<string>;
}

/** Words of this place, with which guessing begins here. */
const ownWords = [
  "lamplight",
  "hospital",
  "password",
  "passwort",
  "passphrase",
  "welcome",
  "administrator",
  "admin",
  "doctor",
  "nurse",
  "ward",
  "clinic",
  "medical",
  "patient",
  "health",
  "auditor",
  "reception",
  "billing",
  "changeme",
  "letmein",
  "demo",
];

/** What a finger runs along. */
const rows = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "qwertzuiop",
  "asdfghjkl",
  "zxcvbnm",
  "yxcvbnm",
];

const sentences = {
  short: (shortest: number) => `The password must have at least ${shortest} characters.`,
  long: `The password must have at most ${LONGEST} characters.`,
  common: "This password is on the list of those that are tried first. Choose another.",
  person: "The password is made of a name or a word that anybody here would try. Choose another.",
  repeats: "The password repeats itself. Choose another.",
  sequence: "The password runs along the alphabet, the digits or the keyboard. Choose another.",
} as const;

const lettersOf = (text: string) => text.replace(/[^\p{Letter}\p{Number}]/gu, "");
/** The digits and signs that stand for letters where a rule asks for some. */
const plainly = (text: string) =>
  text.replace(/[@4]/gu, "a").replace(/[$5]/gu, "s").replaceAll("0", "o").replaceAll("3", "e").replaceAll("1", "i");

/** Without the digits and signs before the first and behind the last letter. */
const coreOf = (text: string) => text.replace(/^\P{Letter}+|\P{Letter}+$/gu, "");

/** Whether a text is one short piece again and again, the last time perhaps cut. */
function isRepeated(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length += 1) {
    const piece = text.slice(0, length);
    if (piece.repeat(Math.ceil(text.length / length)).startsWith(text)) return true;
  }
  return new Set(text).size < 5;
}

/** Whether most characters follow the one before them on the keyboard, in the alphabet or in counting. */
function isSequence(letters: readonly string[]): boolean {
  const followers = letters.filter((letter, index) => {
    const pair = `${letters[index - 1] ?? " "}${letter}`;
    const back = Array.from(pair).reverse().join("");
    return rows.some((row) => row.includes(pair) || row.includes(back));
  });
  return followers.length >= letters.length * 0.7;
}

/** What is left when the words that anybody would try are taken out: digits and signs beside them are guessed with them. */
function leftBeside(text: string, words: readonly string[]): number {
  return [text, plainly(text), plainly(coreOf(text))].reduce((least, form) => {
    const rest = words.reduce((left, word) => left.replaceAll(word, ""), form);
    return Math.min(least, rest.replace(/[^\p{Letter}]/gu, "").length);
  }, Number.POSITIVE_INFINITY);
}

/** Whether a list word, with nothing but digits and signs round it, is the whole password. */
function isCommon(folded: string, common: ReadonlySet<string>): boolean {
  const bare = lettersOf(folded);
  const forms = [
    folded,
    bare,
    plainly(folded),
    plainly(coreOf(folded)),
    bare.replace(/\p{Number}+$/u, ""),
    bare.replace(/^\p{Number}+/u, ""),
  ];
  if (forms.some((form) => form.length >= 4 && common.has(form))) return true;
  // Twice the same list word, or two of them, is no passphrase.
  const half = Array.from({ length: Math.max(bare.length - 7, 0) }, (_, index) => index + 4);
  return bare.length <= 20 && half.some((at) => common.has(bare.slice(0, at)) && common.has(bare.slice(at)));
}

/**
 * One sentence about what is wrong with a new password, or null. After NIST SP 800-63B-4: length and a list of what guessing
 * begins with, no rule about kinds of characters. The sentence never holds the password.
 */
export function faultOfNewPassword(password: string, context: PasswordContext): string | null {
  const folded = password.normalize("NFKC").toLowerCase();
  const characters = Array.from(folded);
  const shortest = context.secondFactor ? SHORTEST_WITH_FACTOR : SHORTEST_ALONE;
  if (characters.length < shortest) return sentences.short(shortest);
  if (characters.length > LONGEST) return sentences.long;
  if (isRepeated(folded)) return sentences.repeats;
  if (isSequence(characters)) return sentences.sequence;
  if (isCommon(folded, context.common)) return sentences.common;
  const names = [context.username, ...context.name.split(/[\s,.'-]+/u)].map((word) => lettersOf(word.toLowerCase()));
  const words = [...ownWords, ...names]
    .filter((word) => word.length > 2)
    .sort((one, other) => other.length - one.length);
  if (leftBeside(folded, words) < 4 && leftBeside(folded, []) > 0) return sentences.person;
  return null;
}
