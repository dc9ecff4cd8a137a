import { expect, type Page, test } from "@playwright/test";
import { nothingFound } from "../support/accessibility";
import { type Journey, startJourney } from "../support/journey";
import { openArea } from "../support/ward-page";

let journey: Journey;
test.beforeEach(async () => {
  journey = await startJourney();
});
test.afterEach(() => journey.close());

/** Tries patient numbers one after the other, as somebody would who has read one on a wristband. */
async function tryNumbers(page: Page): Promise<void> {
  await openArea(page, "Settings");
  const form = page.getByRole("form", { name: "Tool console" });
  await form.getByRole("combobox", { name: "Tool" }).selectOption("get_patient_overview");
  for (const number of ["ZZ7A1", "ZZ7A2", "ZZ7A3", "ZZ7A4", "ZZ7A5", "ZZ7A6"]) {
    await form.getByRole("textbox").first().fill(number);
    await form.getByRole("button", { name: "Call tool" }).click();
    await expect(page.getByRole("region", { name: "Response" })).toContainText(number);
  }
}

test("a nurse tries numbers in sequence; the auditor judges it, the admin stops it by one press", async () => {
  let page = await journey.signInAs("Nurse");
  await tryNumbers(page);
  page = await journey.switchTo("Auditor");

  await expect(page.getByRole("banner").getByRole("button", { name: /alert/u })).toBeVisible();
  await openArea(page, "Compliance");
  const alert = page.getByRole("listitem", { name: "Patient numbers tried one after the other" });
  await expect(alert).toContainText("Sarah Johnson");
  await expect(alert).toContainText("Urgent");
  // Ending sessions is the administrators'.
  await expect(alert.getByRole("button", { name: /End/u })).toHaveCount(0);
  await nothingFound(page, "open alerts", "all");

  page = await journey.switchTo("Admin");
  await page.getByRole("banner").getByRole("button", { name: /alert/u }).click();
  await expect(alertOf(page).getByRole("button", { name: "Disable the account" })).toBeVisible();
  await alertOf(page).getByRole("button", { name: "End this session" }).click();
  await expect(alertOf(page).getByRole("button", { name: "End all sessions" })).toBeVisible();

  await alertOf(page).getByRole("button", { name: "Acknowledge" }).click();
  const dialog = page.getByRole("dialog", { name: "Acknowledge alert" });
  await dialog
    .getByRole("combobox", { name: "Verdict" })
    .selectOption({ label: "Misuse: nobody should have done this" });
  await expect(dialog.getByRole("button", { name: "Acknowledge" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Note" }).fill("Asked on the ward; the ward manager knows.");
  await dialog.getByRole("button", { name: "Acknowledge" }).click();
  await expect(alertOf(page)).toHaveCount(0);
  await page.getByRole("radio", { name: "Judged" }).check();
  await expect(alertOf(page)).toContainText("Monica Reyes");
  await nothingFound(page, "judged alerts", "all");
});

function alertOf(page: Page) {
  return page.getByRole("listitem", { name: "Patient numbers tried one after the other" });
}
