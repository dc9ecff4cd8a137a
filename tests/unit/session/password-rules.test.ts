import { beforeAll, describe, expect, test } from "vitest";
import { commonPasswords } from "../../../electron/session/common-passwords";
import { newTemporaryPassword } from "../../../electron/session/given-account";
import { faultOfNewPassword, type PasswordContext } from "../../../electron/session/password-rules";

let alone: PasswordContext;
let withFactor: PasswordContext;
beforeAll(async () => {
  alone = { username: "s.johnson", name: "Sarah Johnson", secondFactor: false, common: await commonPasswords() };
  withFactor = { ...alone, secondFactor: true };
});

test("the bundled list is the whole one", () => {
  expect(alone.common.size).toBeGreaterThan(49_000);
  for (const known of ["123456", "password", "qwerty"]) expect(alone.common.has(known)).toBe(true);
});

test("fifteen characters where the password stands alone, eight beside a second factor", () => {
  expect(faultOfNewPassword("vmkqzrtwplbngh", alone)).toContain("at least 15");
  expect(faultOfNewPassword("vmkqzrtwplbnghd", alone)).toBeNull();
  expect(faultOfNewPassword("vmkqzrt", withFactor)).toContain("at least 8");
  expect(faultOfNewPassword("vmkqzrtw", withFactor)).toBeNull();
});

test("256 characters at the most, counted after NFKC and as people count", () => {
  const long = Array.from({ length: 256 }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 37) % 5000))).join("");
  expect(faultOfNewPassword(long, alone)).toBeNull();
  expect(faultOfNewPassword(`${long}x`, alone)).toContain("at most 256");
  // Eight characters, each of two UTF-16 units.
  expect(faultOfNewPassword("🦊🐟🌧️🚲🕯️🧭", withFactor)).toBeNull();
  // A ligature is the letters that it stands for: fourteen characters typed, fifteen counted.
  expect(faultOfNewPassword("vmkqzrtwplbng\uFB01", alone)).toBeNull();
});

describe("no rule about kinds of characters:", () => {
  test.each([
    "a red umbrella over the canal",
    "correct horse battery staple",
    "zwei fremde vögel am fenster",
    "МойСтарыйКотСпитДнём",
    "8461937502847163",
    "tuesday tastes of iron & rain",
  ])("%s", (password) => expect(faultOfNewPassword(password, alone)).toBeNull());
});

describe("what is tried first is refused, and the sentence does not repeat it:", () => {
  test.each([
    ["a list word with digits and signs round it", "password!!!123456789"],
    ["the same in digits that stand for letters", "P4$$w0rd!!!123456"],
    ["two list words", "iloveyouprincess"],
    ["the product", "Lamplight-Lamplight-1"],
    ["words of this place", "HospitalNurse2026!!"],
    ["a short piece again and again", "xk7xk7xk7xk7xk7xk7"],
    ["one character", "aaaaaaaaaaaaaaaaaaaa"],
    ["few characters", "abababbaabbbabaaba"],
    ["the alphabet", "abcdefghijklmnopq"],
    ["the alphabet backwards", "zyxwvutsrqponmlkj"],
    ["the keyboard", "qwertyuiopasdfghjkl"],
    ["counting", "01234567890123456"],
    ["the username", "s.johnson.s.johnson"],
    ["the own name", "Sarah-Johnson-2026!"],
  ])("%s", (_, password) => {
    const fault = faultOfNewPassword(password, alone);
    expect(fault).not.toBeNull();
    expect(fault?.toLowerCase()).not.toContain(password.toLowerCase());
  });

  test("every word of the list that is long enough, beside a second factor", () => {
    const taken = [...alone.common].filter((word) => word.length >= 8 && faultOfNewPassword(word, withFactor) === null);
    expect(taken).toEqual([]);
  });
});

test("upper case makes no common password uncommon", () => {
  expect(faultOfNewPassword("SUNSHINE123", withFactor)).not.toBeNull();
  expect(faultOfNewPassword("SunShine", withFactor)).not.toBeNull();
});

test("a temporary password keeps the rules that it is replaced under, and none is given twice", () => {
  const made = Array.from({ length: 200 }, newTemporaryPassword);
  expect(new Set(made).size).toBe(200);
  for (const one of made) {
    expect(one).toMatch(/^[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){3}$/);
    expect(faultOfNewPassword(one, alone)).toBeNull();
  }
});

describe("of what a first Admin might choose on the command line:", () => {
  const monica: Omit<PasswordContext, "common"> = {
    username: "monica.reyes",
    name: "Reyes, Monica",
    secondFactor: false,
  };
  test.each([
    "monica.reyes.monica.reyes",
    "monicareyes2026!!!!",
    "MONICA.REYESmonica.reyes",
    "!!Summer2026!!2026!!",
    "AdminAdminAdmin#12",
    "change-me-1234567890",
    "DemoPass123!DemoPass123!",
    "abababababababab",
  ])("%s is refused", (password) => {
    expect(faultOfNewPassword(password, { ...monica, common: alone.common })).not.toBeNull();
  });
  test.each(["correct horse battery", "Übergangszimmer 7", "passwords are dull", "ward 5A monica.reyes tulips"])(
    "%s is taken",
    (password) => {
      expect(faultOfNewPassword(password, { ...monica, common: alone.common })).toBeNull();
    },
  );
});
