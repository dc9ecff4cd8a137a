import { expect, type Page } from "@playwright/test";
import type { Journey } from "../support/journey";
import { ask, chartTabNames, openArea, openFromWard, openTab } from "../support/ward-page";
import { enterSet } from "./observations";
import { picture } from "./picture";

/** A nurse's shift: the ward, one chart, a set of vital signs, questions to the assistant. */
export async function shift(journey: Journey): Promise<void> {
  let page = await journey.page();
  await expect(page.getByRole("group", { name: "Demo accounts" })).toBeVisible({ timeout: 30_000 });
  await picture(page, "sign-in");
  page = await journey.signInAs("Nurse");
  await expect(page.getByRole("table", { name: "Ward list" })).toContainText("FCE57");
  await picture(page, "ward");
  await openFromWard(page, "ARNOLD, Leah");
  for (const name of chartTabNames) {
    await openTab(page, name);
    await picture(page, `patient-${name.toLowerCase()}`);
  }
  await openTab(page, "Vitals");
  await enterSet(page);
  await expect(page.getByRole("status", { name: "Early warning score" })).toContainText("risk");
  await picture(page, "vital-signs-form");
  await page.getByRole("button", { name: "Save observations" }).click();
  await expect(page.getByText(/saved\. ARNOLD, Leah/u)).toBeVisible();
  await assistant(page);
  await openArea(page, "Patients");
  await page.getByRole("searchbox", { name: "Find patient" }).fill("che");
  await expect(page.getByRole("table", { name: "Patients found" })).toContainText("CHEN");
  await picture(page, "patients");
  for (const name of ["Shifts", "Audit", "Settings"]) {
    await openArea(page, name);
    await picture(page, name.toLowerCase());
  }
  await openArea(page, "Ward");
  page = await journey.lock();
  await picture(page, "locked");
}

async function assistant(page: Page): Promise<void> {
  await openTab(page, "Records");
  await page.keyboard.press("Control+j");
  await ask(page, "Get medical records for FCE57");
  await picture(page, "assistant-dock");
  await openArea(page, "Assistant");
  await ask(page, "Is her blood pressure going up?");
  await ask(page, "Who on my ward has the highest score?");
  await picture(page, "assistant");
}
