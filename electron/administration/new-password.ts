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

/** One sentence about what is wrong with a new password, or null. The sentence never holds the password. */
export function faultOfPassword(password: string, username: string): string | null {
  const folded = password.normalize("NFKC").toLowerCase();
  const letters = Array.from(folded);
  if (letters.length < SHORTEST) return `The password must have at least ${SHORTEST} characters.`;
  if (letters.length > LONGEST) return `The password must have at most ${LONGEST} characters.`;
  const bare = folded.replace(/[^\p{Letter}\p{Number}]/gu, "");
  const name = username.toLowerCase();
  if (folded.replaceAll(name, "").length < SHORTEST / 2) return "The password must not be the user name.";
  if (common.includes(folded) || common.some((one) => one.replace(/[^a-z0-9]/gu, "") === bare))
    return "That password is one of the first that anybody tries. Choose another.";
  if (new Set(letters).size < 5) return "The password repeats too few characters. Choose another.";
  return null;
}
