import { expect } from "@playwright/test";
import type { Journey } from "../support/journey";
import { accountPanel, authenticatorOn } from "../support/second-factor-page";
import { demoPassword, openArea } from "../support/ward-page";
import { picture } from "./picture";

/** A doctor sets up a second factor and keeps the recovery codes. */
export async function secondFactor(journey: Journey): Promise<void> {
  const page = await journey.switchTo("Doctor");
  await openArea(page, "Settings");
  await accountPanel(page).getByRole("button", { name: "Set up second factor" }).click();
  await page.getByRole("textbox", { name: "Password" }).fill(demoPassword);
  await page.getByRole("button", { name: "Next" }).click();
  const nextCode = await authenticatorOn(page);
  await picture(page, "second-factor");
  await page.getByRole("textbox", { name: "One-time code" }).fill(await nextCode());
  await page.getByRole("button", { name: "Confirm code" }).click();
  await expect(page.getByRole("alertdialog", { name: "Keep your recovery codes" })).toBeVisible();
  await picture(page, "recovery-codes");
  await page.getByRole("button", { name: "I have kept them" }).click();
  await picture(page, "account");
}
