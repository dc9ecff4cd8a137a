/** Characters. NIST SP 800-63B-4 asks for at least 8 beside a second factor; a hospital's first Admin has none yet. */
const SHORTEST = 12;
const LONGEST = 200;

/** What guessing begins with, from the yearly lists of leaked passwords, as far as it is long enough to be asked at all. */
const common = [
  "password1234",
  "passwordpassword",
  "password12345",
  "123456789012",
  "1234567890123",
  "qwertyuiop123",
  "qwertyuiopasdf",
  "adminadminadmin",
  "administrator",
  "administrator1",
  "administrator123",
  "letmeinletmein",
  "welcome12345",
  "iloveyou1234",
  "changeme1234",
  "changemenow1",
  "demopass123!",
  "lamplightlamplight",
  "hospital1234",
  "hospitalhospital",
];

/** Words that only get digits and signs behind them where a rule asks for length. */
const commonWords = [
  "password",
  "passwort",
  "welcome",
  "hospital",
  "lamplight",
  "admin",
  "administrator",
  "letmein",
  "changeme",
  "iloveyou",
  "demopass",
  "secret",
  "login",
  "default",
  "temporary",
  "doctor",
  "nurse",
  "spring",
  "summer",
  "autumn",
  "winter",
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

/** Whether the letters are one word and nothing else, however often: what is beside them is guessed with it. */
function isOneWord(folded: string, name: string): boolean {
  const plain = folded.replace(/[@4]/gu, "a").replace(/[$5]/gu, "s").replaceAll("0", "o").replaceAll("3", "e");
  return [folded, plain].some((text) => {
    const letters = text.replace(/[^\p{Letter}]/gu, "");
    return [...commonWords, name.replace(/[^\p{Letter}]/gu, "")].some(
      (word) => word.length > 2 && letters.includes(word) && letters.replaceAll(word, "").length < 2,
    );
  });
}

/** Whether most characters follow the one before them on the keyboard, in the alphabet or in counting. */
function isRow(letters: readonly string[]): boolean {
  const followers = letters.filter((letter, index) => {
    const pair = `${letters[index - 1] ?? " "}${letter}`;
    const back = Array.from(pair).reverse().join("");
    return rows.some((row) => row.includes(pair) || row.includes(back));
  });
  return followers.length >= letters.length * 0.7;
}

/** One sentence about what is wrong with a new password, or null. The sentence never holds the password. */
export function faultOfPassword(password: string, username: string): string | null {
  const folded = password.normalize("NFKC").toLowerCase();
  const letters = Array.from(folded);
  if (letters.length < SHORTEST) return `The password must have at least ${SHORTEST} characters.`;
  if (letters.length > LONGEST) return `The password must have at most ${LONGEST} characters.`;
  const bare = folded.replace(/[^\p{Letter}\p{Number}]/gu, "");
  const name = username.toLowerCase();
  if (folded.replaceAll(name, "").length < SHORTEST / 2) return "The password must not be the user name.";
  if (new Set(letters).size < 5) return "The password repeats too few characters. Choose another.";
  if (
    isOneWord(folded, name) ||
    isRow(letters) ||
    common.includes(folded) ||
    common.some((one) => one.replace(/[^a-z0-9]/gu, "") === bare)
  )
    return "That password is one of the first that anybody tries. Choose another.";
  if (/^\p{Number}+$/u.test(bare)) return "The password must not consist of digits alone.";
  return null;
}
