import { expect, test } from "vitest";
import { faultOfPassword } from "../../electron/administration/new-password";

test.each([
  ["short", "at least 12"],
  ["elevenchars", "at least 12"],
  ["x".repeat(201), "at most 200"],
  ["monica.reyes", "user name"],
  ["MONICA.REYESmonica.reyes", "user name"],
  ["monica.reyes1!", "user name"],
  ["Password1234", "first that anybody tries"],
  ["DemoPass123!", "first that anybody tries"],
  ["change-me-1234", "first that anybody tries"],
  ["Password123!", "first that anybody tries"],
  ["P@ssw0rd-2026", "first that anybody tries"],
  ["!!Summer2026!!", "first that anybody tries"],
  ["AdminAdmin#12", "first that anybody tries"],
  ["abcdefghijkl", "first that anybody tries"],
  ["qwertyuiop[]", "first that anybody tries"],
  ["198219821945", "digits alone"],
  ["monicareyes2026!", "first that anybody tries"],
  ["aaaaaaaaaaaa", "too few characters"],
  ["abababababab", "too few characters"],
])("%s is refused, without being repeated", (password, why) => {
  const fault = faultOfPassword(password, "monica.reyes");
  expect(fault).toContain(why);
  expect(fault).not.toContain(password);
});

test.each([
  "correct horse battery",
  "Übergangszimmer 7",
  "t4NqW9vb2LcZ",
  "7#9!2$8%1&3*x",
  "passwords are dull",
  "ward 5A monica.reyes tulips",
])("%s is taken", (password) => {
  expect(faultOfPassword(password, "monica.reyes")).toBeNull();
});
