import { expect, type Page, test } from "@playwright/test";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { type Journey, startJourney } from "../support/journey";
import { focusIsSomewhere } from "../support/keyboard";
import {
  accountPanel,
  authenticatorOn,
  fillCredentials,
  recoveryCodesOf,
  replaceAuthenticator,
  setUpSecondFactor,
  workspaceOpens,
} from "../support/second-factor-page";
import { bridgeCall, demoPassword, openArea } from "../support/ward-page";

const ownPassword = "seven grey herons wade slowly";
const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 });

test.describe("a nurse and her own account", () => {
  // The second goes on where the first ended.
  test.describe.configure({ mode: "serial" });
  let journey: Journey;
  test.beforeAll(async () => {
    journey = await startJourney();
  });
  test.afterAll(() => journey.close());

  test("sets up a second factor, and from then on the password alone opens nothing", async () => {
    let page = await journey.signInAs("Nurse");
    const { nextCode, recoveryCodes } = await setUpSecondFactor(page);
    await expect(accountPanel(page)).toContainText("10 recovery codes are left");
    await nothingFoundInBothSchemes(page, "sign-in and security");

    page = await journey.signOut();
    await fillCredentials(page, "demo_nurse", demoPassword);
    const code = page.getByRole("textbox", { name: "One-time code" });
    await expect(code).toBeFocused();
    await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
    await nothingFoundInBothSchemes(page, "one-time code");

    await code.fill("000000");
    await page.getByRole("button", { name: "Verify" }).click();
    await expect(page.getByText("That code is wrong, already used, or too old.")).toBeVisible();
    // What was typed is kept, marked, and the next key replaces it.
    await expect(code).toHaveValue("000000");
    await expect(code).toHaveAttribute("aria-invalid", "true");
    await expect(code).toBeFocused();
    await nothingFoundInBothSchemes(page, "one-time code refused");

    await page.getByRole("button", { name: "Start over" }).click();
    await expect(page.getByRole("textbox", { name: "Username" })).toHaveValue("demo_nurse");
    await page.getByRole("textbox", { name: "Password" }).fill(demoPassword);
    await page.keyboard.press("Enter");
    const used = await nextCode();
    await page.getByRole("textbox", { name: "One-time code" }).fill(used);
    await page.keyboard.press("Enter");
    await workspaceOpens(page);

    page = await journey.signOut();
    await fillCredentials(page, "demo_nurse", demoPassword);
    await page.getByRole("textbox", { name: "One-time code" }).fill(used);
    await page.keyboard.press("Enter");
    await expect(page.getByText("That code is wrong, already used, or too old.")).toBeVisible();
    await page.getByRole("button", { name: "Use a recovery code instead" }).click();
    const recovery = page.getByRole("textbox", { name: "Recovery code" });
    await expect(recovery).toBeFocused();
    await nothingFoundInBothSchemes(page, "recovery code");
    // As a person types it from paper.
    await recovery.fill((recoveryCodes[0] as string).toLowerCase().replaceAll("-", " "));
    await page.keyboard.press("Enter");
    await workspaceOpens(page);
    await openArea(page, "Settings");
    await expect(accountPanel(page)).toContainText("9 recovery codes are left");

    // A new telephone: the password alone does not put it in the place of the old one.
    const other = await replaceAuthenticator(page, recoveryCodes[1] as string);
    await expect(accountPanel(page)).toContainText("10 recovery codes are left");
    page = await journey.signOut();
    await fillCredentials(page, "demo_nurse", demoPassword);
    await page.getByRole("textbox", { name: "One-time code" }).fill(await other.nextCode());
    await page.keyboard.press("Enter");
    await workspaceOpens(page);
    await openArea(page, "Settings");
  });

  test("is told about a new password while it is typed, and changing it ends the session", async () => {
    let page = await journey.page();
    await accountPanel(page).getByRole("button", { name: "Change password" }).click();
    const dialog = page.getByRole("dialog", { name: "Change password" });
    const verdict = dialog.getByRole("status", { name: "New password" });
    const act = dialog.getByRole("button", { name: "Change password" });
    await dialog.getByRole("textbox", { name: "Current password" }).fill(demoPassword);
    await dialog.getByRole("textbox", { name: "New password", exact: true }).fill("short");
    await expect(verdict).toContainText("at least");
    await expect(act).toBeDisabled();
    await dialog.getByRole("textbox", { name: "New password", exact: true }).fill(ownPassword);
    await expect(verdict).toContainText("can be used");
    await dialog.getByRole("textbox", { name: "Repeat new password" }).fill(`${ownPassword}x`);
    await expect(dialog.getByText("The two passwords are not the same.")).toBeVisible();
    await expect(act).toBeDisabled();
    await nothingFoundInBothSchemes(page, "change password");
    await dialog.getByRole("textbox", { name: "Repeat new password" }).fill(ownPassword);

    await dialog.getByRole("textbox", { name: "Current password" }).fill("not this one");
    await act.click();
    await expect(dialog.getByText("This is not your password.")).toBeVisible();
    await expect(dialog.getByRole("textbox", { name: "New password", exact: true })).toHaveValue(ownPassword);
    await dialog.getByRole("textbox", { name: "Current password" }).fill(demoPassword);
    await act.click();
    await expect(async () => {
      page = await journey.page();
      await expect(heading(page, "Sign in")).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 60_000 });

    await fillCredentials(page, "demo_nurse", demoPassword);
    await expect(page.getByText("Username or password is wrong.")).toBeVisible();
    await fillCredentials(page, "demo_nurse", ownPassword);
    await expect(page.getByRole("textbox", { name: "One-time code" })).toBeVisible();
  });
});

test("an administrator adds a person, who chooses a password and a second factor before seeing anything", async () => {
  const journey = await startJourney();
  try {
    let page = await journey.signInAs("Admin");
    await openArea(page, "Administration");
    await page.getByRole("tab", { name: "People" }).click();
    const people = page.getByRole("table", { name: "People" });
    await expect(people.getByRole("row", { name: /demo_/u })).toHaveCount(6);
    await nothingFoundInBothSchemes(page, "people");
    await page.getByRole("searchbox", { name: "Find person" }).fill("nobody of this name");
    await expect(people).toContainText("Nobody found");
    await nothingFoundInBothSchemes(page, "nobody found");
    await page.getByRole("searchbox", { name: "Find person" }).fill("");

    await page.getByRole("combobox", { name: "Second factor of Nurse" }).selectOption("required");
    const rules = page.getByRole("region", { name: "Sign-in rules" });
    await expect(rules.getByText("Saved. Nurse: needs a second factor")).toBeVisible();
    await expect(rules.getByRole("button", { name: "Undo" })).toBeVisible();
    await nothingFoundInBothSchemes(page, "sign-in rules");

    await page.getByRole("button", { name: "Add person" }).click();
    const form = page.getByRole("dialog", { name: "Add person" });
    await form.getByRole("button", { name: "Add person" }).click();
    await expect(form.getByText("Choose a role.")).toBeVisible();
    await nothingFoundInBothSchemes(page, "add person refused");
    await form.getByRole("textbox", { name: "Name", exact: true }).fill("Second Nurse");
    await form.getByRole("textbox", { name: "Staff id" }).fill("STF090");
    await form.getByRole("textbox", { name: "Username" }).fill("demo_nurse");
    await form.getByRole("combobox", { name: "Role" }).selectOption("Nurse");
    await form.getByRole("textbox", { name: "Department" }).fill("Ward 5A");
    await form.getByRole("button", { name: "Add person" }).click();
    await expect(form.getByText("This username is taken.")).toBeVisible();
    await expect(form.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Second Nurse");
    await form.getByRole("textbox", { name: "Username" }).fill("second.nurse");
    await form.getByRole("button", { name: "Add person" }).click();
    const handOver = page.getByRole("alertdialog", { name: "Temporary password for Second Nurse" });
    await expect(handOver).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(handOver).toBeVisible();
    await nothingFoundInBothSchemes(page, "temporary password");
    const temporary = await handOver.locator("code").innerText();
    await handOver.getByRole("button", { name: "I have kept it" }).click();
    await expect(people.getByRole("row", { name: /Second Nurse/u })).toContainText("Waits for own password");

    page = await journey.signOut();
    await fillCredentials(page, "second.nurse", temporary);
    await expect(heading(page, "Sign in: your own password")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "New password", exact: true })).toBeFocused();
    await page.keyboard.type("Second Nurse 2026 nurse");
    await expect(page.getByRole("status", { name: "New password" })).toContainText("made of a name");
    await nothingFoundInBothSchemes(page, "own password");
    await page.getByRole("textbox", { name: "New password", exact: true }).fill(ownPassword);
    await page.getByRole("textbox", { name: "Repeat new password" }).fill(ownPassword);
    await expect(page.getByRole("status", { name: "New password" })).toContainText("can be used");
    await page.getByRole("button", { name: "Set password" }).click();

    await expect(heading(page, "Sign in: second factor")).toBeVisible();
    const nextCode = await authenticatorOn(page);
    await nothingFoundInBothSchemes(page, "enrolment");
    await page.getByRole("textbox", { name: "One-time code" }).fill("000000");
    await page.keyboard.press("Enter");
    await expect(page.getByText("That code is wrong, already used, or too old.")).toBeVisible();
    await page.getByRole("textbox", { name: "One-time code" }).fill(await nextCode());
    await page.keyboard.press("Enter");
    await expect(heading(page, "Keep your recovery codes")).toBeFocused();
    await recoveryCodesOf(page);
    await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
    await nothingFoundInBothSchemes(page, "recovery codes");
    await page.getByRole("button", { name: "Copy" }).click();
    await expect(page.getByText("Copied.")).toBeVisible();
    await page.getByRole("button", { name: "I have kept them" }).click();
    await workspaceOpens(page);
    await expect(page.getByRole("banner")).toContainText("Second Nurse");
  } finally {
    await journey.close();
  }
});

test("an administrator sees who is signed in, ends it with a reason, disables and enables the account", async () => {
  const journey = await startJourney();
  try {
    await journey.signInAs("Nurse");
    let page = await journey.switchTo("Admin");
    await openArea(page, "Administration");
    await page.getByRole("tab", { name: "People" }).click();
    const row = page.getByRole("table", { name: "People" }).getByRole("row", { name: /demo_nurse/u });
    await expect(row).toContainText("1 session");
    await row.getByRole("link").click();
    const person = page.getByRole("dialog");
    await expect(person.getByRole("table", { name: "Sessions" })).toContainText("Locked");
    await nothingFoundInBothSchemes(page, "a person");

    await person.getByRole("button", { name: "End all sessions" }).click();
    const ask = page.getByRole("alertdialog", { name: /^End all sessions of / });
    await expect(ask.getByRole("textbox", { name: "Reason" })).toBeFocused();
    await expect(ask).toContainText("It keeps nobody out");
    await expect(ask.getByRole("button", { name: "End all sessions" })).toBeDisabled();
    await nothingFoundInBothSchemes(page, "ending sessions");
    await page.keyboard.type("Left signed in over night");
    await page.keyboard.press("Enter");
    await expect(page.getByText("1 session ended. Open screens lock within 5 seconds.")).toBeVisible();
    await expect(person).toContainText("Signed in nowhere");

    await person.getByRole("button", { name: "Disable account" }).click();
    await page.getByRole("textbox", { name: "Reason" }).fill("Left the hospital");
    await page.keyboard.press("Enter");
    await expect(page.getByText("The account is disabled.")).toBeVisible();
    await expect(person.getByRole("button", { name: "Enable account" })).toBeVisible();
    await focusIsSomewhere(page, "disabling");
    await page.keyboard.press("Escape");
    await expect(person).toHaveCount(0);
    await expect(row).toContainText("Disabled");
    await page.getByRole("combobox", { name: "Show" }).selectOption("disabled");
    await expect(page.getByText(/^1 of \d+ people$/u)).toBeVisible();

    await row.getByRole("link").click();
    await page.getByRole("dialog").getByRole("button", { name: "Enable account" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Enable account" }).click();
    await expect(page.getByText("The account is enabled.")).toBeVisible();
    page = await journey.page();
    await page.keyboard.press("Escape");
  } finally {
    await journey.close();
  }
});

test("who may not manage people is shown no place for it, and is refused by name", async () => {
  const journey = await startJourney();
  try {
    const page = await journey.signInAs("Nurse");
    await expect(
      page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Administration" }),
    ).toHaveCount(0);
    for (const name of ["people.list", "people.rules"] as const)
      expect(await bridgeCall(page, name, {})).toMatchObject({ ok: false, failure: { code: "RBAC_DENIED" } });
    await openArea(page, "Settings");
    await expect(accountPanel(page).getByRole("table", { name: "Where I am signed in" })).toContainText("(here)");
  } finally {
    await journey.close();
  }
});
