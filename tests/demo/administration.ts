import { expect } from "@playwright/test";
import type { Journey } from "../support/journey";
import { openArea } from "../support/ward-page";
import { picture } from "./picture";

/** An Admin at work: patients, accounts, sign-in rules, the workstation's health. */
export async function administration(journey: Journey): Promise<void> {
  const page = await journey.switchTo("Admin");
  await openArea(page, "Administration");
  await picture(page, "administration");
  await page.getByRole("tab", { name: "People" }).click();
  const people = page.getByRole("table", { name: "People" });
  await expect(people).toContainText("No account yet");
  await picture(page, "people");
  await people
    .getByRole("row", { name: /No account yet/u })
    .first()
    .getByRole("link")
    .click();
  await picture(page, "person");
  await page.getByRole("button", { name: "Give first password" }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("Starts today");
  await page.keyboard.press("Enter");
  const handOver = page.getByRole("alertdialog", { name: /^Temporary password for/u });
  await expect(handOver).toBeVisible({ timeout: 20_000 });
  await picture(page, "temporary-password");
  await handOver.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  const rules = page.getByRole("region", { name: "Sign-in rules" });
  await page.getByRole("combobox", { name: "Second factor of Nurse" }).selectOption("required");
  await expect(rules.getByRole("button", { name: "Undo" })).toBeVisible();
  await rules.scrollIntoViewIfNeeded();
  await picture(page, "sign-in-rules");
  await rules.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("tab", { name: "Health and updates" }).click();
  await expect(page.getByRole("table", { name: "Health" })).toBeVisible({ timeout: 15_000 });
  await picture(page, "health");
  await page.getByRole("tab", { name: "Patients" }).click();
  await page.emulateMedia({ colorScheme: "dark" });
  await openArea(page, "Ward");
  await picture(page, "ward-dark");
  await page.emulateMedia({ colorScheme: "light" });
}
