import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { say } from "../../scripts/lib/command-line";
import { type Journey, startJourney } from "../support/journey";
import { chartTabNames } from "../support/ward-page";

const folder = join(import.meta.dirname, "..", "..", "docs", "screens");
mkdirSync(folder, { recursive: true });

async function picture(page: Page, name: string): Promise<void> {
  // Skeletons and spinners give way first; a screen without data is not what we want to show.
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0, { timeout: 15_000 });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  say(`  ${name}.png`);
}

const area = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
const tab = (page: Page, name: string) =>
  page.getByRole("tablist", { name: "Chart" }).getByRole("tab", { name, exact: true }).click();

async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(question);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("button", { name: "Stop" })).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole("log", { name: "Conversation" })).toContainText("not a clinical decision", {
    timeout: 30_000,
  });
}

async function nurse(journey: Journey): Promise<void> {
  let page = await journey.page();
  await expect(page.getByRole("group", { name: "Demo accounts" })).toBeVisible({ timeout: 30_000 });
  await picture(page, "sign-in");
  page = await journey.signInAs("Nurse");
  await expect(page.getByRole("table", { name: "Ward list" })).toContainText("FCE57");
  await picture(page, "ward");
  await page.getByRole("link", { name: "ARNOLD, Leah" }).click();
  for (const name of chartTabNames) {
    await tab(page, name);
    await page.waitForTimeout(400);
    await picture(page, `patient-${name.toLowerCase()}`);
  }
  await tab(page, "Records");
  await page.keyboard.press("Control+j");
  await ask(page, "Get medical records for FCE57");
  await picture(page, "assistant-dock");
  await area(page, "Assistant");
  await ask(page, "Is her blood pressure going up?");
  await ask(page, "Who on my ward has the highest score?");
  await picture(page, "assistant");
  await area(page, "Patients");
  await page.getByRole("searchbox", { name: "Find patient" }).fill("che");
  await page.waitForTimeout(800);
  await picture(page, "patients");
  for (const name of ["Shifts", "Audit", "Settings"]) {
    await area(page, name);
    await page.waitForTimeout(800);
    await picture(page, name.toLowerCase());
  }
  await area(page, "Ward");
  page = await journey.afterReplacement(() => page.keyboard.press("Control+l"));
  await expect(page.getByRole("dialog", { name: "Workstation locked" })).toBeVisible();
  await picture(page, "locked");
  page = await journey.afterReplacement(() => page.getByRole("button", { name: "Switch user" }).click());
}

async function others(journey: Journey): Promise<void> {
  let page = await journey.signInAs("Auditor");
  await area(page, "Audit");
  await page.getByRole("button", { name: "Verify chain" }).click();
  await page.waitForTimeout(1500);
  await picture(page, "audit-all");
  page = await journey.afterReplacement(() => page.keyboard.press("Control+l"));
  page = await journey.afterReplacement(() => page.getByRole("button", { name: "Switch user" }).click());
  page = await journey.signInAs("Admin");
  await area(page, "Administration");
  await page.waitForTimeout(800);
  await picture(page, "administration");
  await page.getByRole("tab", { name: "Health and updates" }).click();
  await expect(page.getByRole("table", { name: "Health" })).toBeVisible({ timeout: 15_000 });
  await picture(page, "health");
  await page.getByRole("tab", { name: "Patients" }).click();
  await page.emulateMedia({ colorScheme: "dark" });
  await area(page, "Ward");
  await page.waitForTimeout(800);
  await picture(page, "ward-dark");
}

/** A new machine, before anything was chosen. */
async function firstStart(journey: Journey): Promise<void> {
  const page = await journey.page();
  await expect(page.getByRole("heading", { name: "First start" })).toBeVisible({ timeout: 30_000 });
  await picture(page, "first-start");
  await page.getByRole("button", { name: "Connect to the hospital's database" }).click();
  await page
    .getByRole("textbox", { name: "Database address" })
    .fill("postgresql://lamplight_app@127.0.0.1:9/lamplight");
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("list", { name: "Connection test" })).toContainText("Failed", { timeout: 15_000 });
  await picture(page, "connection-test");
}

say("Driving the main job in the real app; screens go to docs/screens:");
for (const [options, parts] of [
  [{ empty: true }, [firstStart]],
  [{}, [nurse, others]],
] as const) {
  const journey = await startJourney(options);
  try {
    for (const part of parts) await part(journey);
  } finally {
    await journey.close();
  }
}
