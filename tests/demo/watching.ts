import { expect } from "@playwright/test";
import type { Journey } from "../support/journey";
import { openArea, openFromWard, settled } from "../support/ward-page";
import { picture } from "./picture";

/** An Auditor at work: the trail and its chain, one session, who has looked at a patient, what waits for a verdict. */
export async function watching(journey: Journey): Promise<void> {
  let page = await journey.switchTo("Auditor");
  await openArea(page, "Audit");
  await page.getByRole("button", { name: "Verify chain" }).click();
  await expect(page.getByRole("status", { name: "Chain" })).toContainText("Intact");
  await picture(page, "audit-all");
  await page.getByRole("tab", { name: "Sessions" }).click();
  await settled(page);
  await page
    .getByRole("table", { name: "Sessions" })
    .getByRole("row", { name: /Sarah Johnson/u })
    .getByRole("link")
    .first()
    .click();
  await expect(page.getByRole("heading", { name: /^Session of Sarah Johnson/u })).toBeVisible();
  await picture(page, "audit-session");
  await openFromWard(page, "ARNOLD, Leah");
  await page.getByRole("link", { name: "Who has looked at this patient" }).click();
  await expect(page.getByRole("table", { name: "People who have looked" })).toContainText("Sarah Johnson");
  await picture(page, "audit-patient");
  await openArea(page, "Compliance");
  await expect(page.getByRole("listitem", { name: "Patient numbers tried one after the other" })).toBeVisible();
  await picture(page, "alerts");
  await page.getByRole("tab", { name: "Emergency access" }).click();
  await expect(page.getByRole("list", { name: "Emergency access" })).toContainText("A4CHN");
  await picture(page, "emergency-review");
  page = await journey.lock();
  await expect(page.getByRole("dialog", { name: "Workstation locked" })).toContainText("Sarah Johnson");
  await picture(page, "locked-waiting");
}
