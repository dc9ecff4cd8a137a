import { expect, type Page, test } from "@playwright/test";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { type Journey, startJourney } from "../support/journey";
import { focusIsSomewhere, tabTo } from "../support/keyboard";
import { accountPanel, authenticatorOn, recoveryCodesOf, workspaceOpens } from "../support/second-factor-page";
import { demoPassword } from "../support/ward-page";

let journey: Journey;
test.beforeEach(async () => {
  journey = await startJourney();
});
test.afterEach(() => journey.close());

/** Presses a button without the pointer. */
async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, page.getByRole("button", { name, exact: true }));
  await page.keyboard.press("Enter");
}

async function typeCredentials(page: Page, username: string): Promise<void> {
  await expect(page.getByRole("textbox", { name: "Username" })).toBeFocused();
  await page.keyboard.type(username);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused();
  await page.keyboard.type(demoPassword);
  await page.keyboard.press("Enter");
}

test("sign-in, second factor, lock, unlock and switch of user by keyboard alone", async () => {
  let page = await journey.page();
  await typeCredentials(page, "demo_nurse");
  await workspaceOpens(page);

  await tabTo(page, page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await tabTo(page, accountPanel(page).getByRole("button", { name: "Set up second factor" }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Set up second factor" });
  await expect(dialog.getByRole("textbox", { name: "Password" })).toBeFocused();
  await page.keyboard.type("not the password");
  await page.keyboard.press("Enter");
  // The field says what is wrong, to the eye and by its description.
  await expect(dialog.getByRole("alert")).toContainText("This is not your password.");
  await expect(dialog.getByRole("textbox", { name: "Password" })).toHaveAccessibleDescription(/not your password/u);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(demoPassword);
  await page.keyboard.press("Enter");
  const nextCode = await authenticatorOn(page);
  await expect(page.getByRole("textbox", { name: "One-time code" })).toBeFocused();
  await page.keyboard.type(await nextCode());
  await page.keyboard.press("Enter");
  const keep = page.getByRole("alertdialog", { name: "Keep your recovery codes" });
  await expect(keep).toBeVisible();
  await recoveryCodesOf(page);
  // What is shown once does not go by a stray key.
  await page.keyboard.press("Escape");
  await expect(keep).toBeVisible();
  await press(page, "I have kept them");
  await expect(keep).toHaveCount(0);
  await focusIsSomewhere(page, "setting up the second factor");

  await tabTo(page, page.getByRole("button", { name: "Sign out" }));
  page = await journey.afterReplacement(() => page.keyboard.press("Enter"));
  await typeCredentials(page, "demo_nurse");
  await expect(page.getByRole("textbox", { name: "One-time code" })).toBeFocused();
  await page.keyboard.type("000000");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("That code is wrong");
  await expect(page.getByRole("textbox", { name: "One-time code" })).toHaveAccessibleDescription(/That code is wrong/u);
  await press(page, "Use a recovery code instead");
  await expect(page.getByRole("textbox", { name: "Recovery code" })).toBeFocused();
  await press(page, "Use the authenticator app instead");
  await expect(page.getByRole("textbox", { name: "One-time code" })).toBeFocused();
  await page.keyboard.type(await nextCode());
  await page.keyboard.press("Enter");
  await workspaceOpens(page);

  page = await journey.lock();
  const password = page.getByRole("textbox", { name: "Password" });
  await expect(password).toBeFocused();
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Username or password is wrong.")).toBeVisible();
  await expect(password).toBeFocused();
  await page.keyboard.type(demoPassword);
  page = await journey.afterReplacement(() => page.keyboard.press("Enter"));
  await workspaceOpens(page);
  await focusIsSomewhere(page, "unlocking");

  page = await journey.lock();
  await tabTo(page, page.getByRole("button", { name: "Switch user" }));
  page = await journey.afterReplacement(() => page.keyboard.press("Enter"));
  await typeCredentials(page, "demo_doctor");
  await workspaceOpens(page);
  await expect(page.getByRole("banner")).toContainText("Doctor");
});

test("the lock page says who, since when, why and who else waits, and nothing else", async () => {
  const nurse = await journey.signInAs("Nurse");
  await expect(nurse.getByRole("table", { name: "Ward list" })).toContainText("FCE57");
  const nursesName = await nurse.getByRole("banner").locator("span").first().innerText();
  await journey.switchTo("Doctor");
  let page = await journey.lock();
  const box = page.getByRole("dialog", { name: "Workstation locked" });
  await expect(box).toContainText("Locked by hand.");
  await expect(box).toContainText(/Signed in \d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d/u);
  await expect(box.getByRole("region", { name: "Also waiting here" })).toContainText(nursesName);
  await expect(box.getByRole("status", { name: "Network" })).toBeEmpty();
  await expect(page).toHaveTitle("Lamplight, locked");
  const words = await page.locator("body").innerText();
  for (const secret of ["FCE57", "ARNOLD", "5A"]) expect(words).not.toContain(secret);
  await nothingFoundInBothSchemes(page, "lock page with somebody waiting");

  // Her name leads to her own sign-in: only the password is left to type.
  await tabTo(page, box.getByRole("button", { name: nursesName }));
  page = await journey.afterReplacement(() => page.keyboard.press("Enter"));
  await expect(page.getByRole("textbox", { name: "Username" })).toHaveValue("demo_nurse");
  await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused();
  await nothingFoundInBothSchemes(page, "sign-in of somebody who waits");
  await page.keyboard.type(demoPassword);
  await page.keyboard.press("Enter");
  await workspaceOpens(page);
  await expect(page.getByRole("banner")).toContainText(nursesName);
});
