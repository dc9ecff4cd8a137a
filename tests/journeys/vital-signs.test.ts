import { expect, type Locator, type Page, test } from "@playwright/test";
import { startEmbeddedDatabase } from "../../electron/database/embedded-database";
import { openDatabase } from "../../electron/database/pool";
import { issueOutboxKey, replayObservation } from "../../electron/records/outbox";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { connectDirectly, signInDirectly } from "../support/direct";
import { type Journey, startJourney } from "../support/journey";
import { focusIsSomewhere, tabTo, typeChoice } from "../support/keyboard";
import { authenticated, ordinarySet, payloadOf } from "../support/outbox";
import { banner, bridgeCall, openFromWard, openTab } from "../support/ward-page";

let journey: Journey;
test.beforeEach(async () => {
  journey = await startJourney();
});
test.afterEach(() => journey.close());

const figure = (page: Page, name: string): Locator => page.getByRole("spinbutton", { name, exact: true });
const score = (page: Page): Locator => page.getByRole("status", { name: "Early warning score" });
const save = (page: Page): Locator => page.getByRole("button", { name: "Save observations" });
const trend = (page: Page): Locator => page.getByRole("slider", { name: "Vital signs over time" });
const sets = (page: Page): Locator => page.getByRole("table", { name: "Sets of observations" }).getByRole("row");
const count = async (page: Page) => Number(await trend(page).getAttribute("aria-valuemax"));

async function openVitals(page: Page): Promise<void> {
  await openFromWard(page, "ARNOLD, Leah");
  await openTab(page, "Vitals");
  await expect(figure(page, "Respiratory rate")).toBeVisible();
  await expect(trend(page)).toBeVisible();
}

async function storedSets(page: Page): Promise<number> {
  const outcome = await bridgeCall(page, "tool.call", { name: "get_vital_signs", arguments: { patient_id: "FCE57" } });
  return outcome.ok ? (outcome.value as { vital_signs: unknown[] }).vital_signs.length : -1;
}

test("a nurse records a set by keyboard alone, from the ward list to the plot", async () => {
  const page = await journey.signInAs("Nurse");
  const record = page.getByRole("button", { name: /^Record observations for ARNOLD, Leah/u });
  await tabTo(page, record);
  await page.keyboard.press("Enter");
  await expect(banner(page)).toContainText("Patient No. FCE57");
  await expect(figure(page, "Respiratory rate")).toBeFocused();
  await expect(page.getByRole("form", { name: "Record observations" })).toBeVisible();
  await expect(score(page)).toContainText("No score yet: respiratory rate,");
  await expect(trend(page)).toBeVisible();
  const before = await count(page);

  await page.keyboard.type("25");
  await page.keyboard.press("Enter");
  await expect(figure(page, "Oxygen saturation")).toBeFocused();
  await page.keyboard.type("95");
  // The select steps by its own keys.
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { name: "SpO2 scale" })).toBeFocused();
  await page.keyboard.press("Tab");
  await typeChoice(page.getByRole("combobox", { name: "Oxygen", exact: true }), "Air");
  await page.keyboard.press("Tab");
  await page.keyboard.type("118");
  await page.keyboard.press("Enter");
  await page.keyboard.type("7");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("76");
  await page.keyboard.press("Enter");
  await page.keyboard.type("88");
  await page.keyboard.press("Enter");
  await typeChoice(page.getByRole("combobox", { name: "Consciousness" }), "Alert");
  await page.keyboard.press("Tab");
  await expect(score(page)).toContainText("No score yet: temperature is missing.");
  await page.keyboard.type("37,1");
  await expect(score(page)).toContainText("4, low-medium risk. One value alone scores 3.");
  await expect(score(page)).toContainText("At least every hour: next set due by");
  await nothingFoundInBothSchemes(page, "vitals form, filled");
  await page.keyboard.press("Control+Enter");

  await expect(page.getByText(/saved\. ARNOLD, Leah \(Mrs\), FCE57/u)).toBeVisible();
  await expect(figure(page, "Respiratory rate")).toHaveValue("");
  await expect(trend(page)).toHaveAttribute("aria-valuemax", String(before + 1));
  // The words above the plot are those of the newest set, not of the one that was it before.
  await expect(trend(page)).toHaveAttribute("aria-valuetext", /respiratory rate 25\/min/u);
  await expect(sets(page).nth(1)).toContainText("25/min");
  await expect(sets(page).nth(1)).toContainText("118/76 mmHg");
  await expect(sets(page).nth(1)).toContainText("37.1 °C");
  await focusIsSomewhere(page, "saving");
});

test("a press too many is one set, a fault is told beside its field, and what is rare is asked about", async () => {
  const page = await journey.signInAs("Nurse");
  await openVitals(page);
  const before = await storedSets(page);

  await save(page).click();
  await expect(page.getByText("Enter at least one measurement.")).toBeVisible();
  await figure(page, "Temperature").fill("372");
  await figure(page, "Pulse").fill("8o");
  await page.getByRole("textbox", { name: "Time taken" }).fill("25:00");
  await save(page).click();
  await expect(page.getByText("Only 20 to 45 °C can be entered.")).toBeVisible();
  await expect(page.getByText("A time of day such as 09:05.")).toBeVisible();
  await expect(figure(page, "Pulse")).toHaveAttribute("aria-invalid", "true");
  await expect(figure(page, "Pulse")).toBeFocused();
  // Nothing typed is lost.
  await expect(figure(page, "Temperature")).toHaveValue("372");
  await expect(figure(page, "Pulse")).toHaveValue("8o");
  await nothingFoundInBothSchemes(page, "vitals form, with faults");
  expect(await storedSets(page)).toBe(before);

  await figure(page, "Temperature").fill("37.2");
  await figure(page, "Pulse").fill("210");
  await page.getByRole("textbox", { name: "Time taken" }).fill("");
  await save(page).click();
  const doubt = page.getByRole("alertdialog", { name: "Check these figures" });
  await expect(doubt).toContainText("Pulse 210/min is unusually high.");
  await expect(doubt).toContainText("ARNOLD, Leah");
  await nothingFoundInBothSchemes(page, "figures to be checked");
  await doubt.getByRole("button", { name: "Change them" }).click();
  await expect(figure(page, "Pulse")).toHaveValue("210");
  expect(await storedSets(page)).toBe(before);
  await figure(page, "Pulse").fill("82");
  await save(page).dblclick();
  await expect(page.getByText(/saved\. .*FCE57/u)).toBeVisible();
  expect(await storedSets(page)).toBe(before + 1);
});

test("who may not record finds no form, also over the bridge", async () => {
  const page = await journey.signInAs("Auditor");
  await openFromWard(page, "ARNOLD, Leah");
  await openTab(page, "Vitals");
  await expect(trend(page)).toBeVisible();
  await expect(page.getByRole("spinbutton")).toHaveCount(0);
  await expect(save(page)).toHaveCount(0);
  const outcome = await bridgeCall(page, "vitals.record", {
    submission: "01a2033b-7a54-7469-982e-b90aa189c146",
    patient_id: "FCE57",
    recorded_at: new Date().toISOString(),
    set: ordinarySet,
  });
  expect(outcome).toMatchObject({ ok: false, failure: { code: "RBAC_DENIED" } });
});

test("an entry that the database refused is shown, taken over with a reason, and then in the chart", async () => {
  const first = await journey.signInAs("Nurse");
  await expect(first.getByRole("button", { name: /^Needs attention/u })).toHaveCount(0);
  const embedded = await startEmbeddedDatabase({ home: journey.home, migrations: "resources/database/migrations" });
  const database = openDatabase(embedded.workstation);
  const direct = await connectDirectly({ workstation: embedded.workstation } as never);
  try {
    const doctor = await signInDirectly(direct, "demo_doctor");
    const key = await issueOutboxKey(database, doctor.token);
    const recorded_at = new Date(Date.now() - 15 * 60_000).toISOString();
    const payload = payloadOf(key, "FCE57", { recorded_at, set: { ...ordinarySet, pulse: 97 } });
    expect(await replayObservation(database, authenticated(key, payload))).toMatchObject({ outcome: "refused" });
  } finally {
    await direct.end();
    await database.close();
  }

  // A fresh page asks at once; an open one within the minute.
  await journey.signOut();
  const page = await journey.signInAs("Nurse");
  await page.getByRole("button", { name: "Needs attention: 1" }).click();
  const entry = page.getByRole("article", { name: /^Refused entry of ARNOLD, Leah \(Mrs\), FCE57/u });
  await expect(entry).toContainText("Not in the chart.");
  await expect(entry).toContainText("97/min");
  await expect(entry).toContainText("outside the twelve hours");
  await nothingFoundInBothSchemes(page, "needs attention");
  await entry.getByRole("button", { name: /^Take over as my own entry/u }).click();
  const dialog = page.getByRole("dialog", { name: "Take over as my own entry" });
  await dialog.getByRole("button", { name: "Take over" }).click();
  await expect(dialog).toContainText("Say in a few words why.");
  await nothingFoundInBothSchemes(page, "take over, without a reason");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("I measured it with the doctor");
  await dialog.getByRole("button", { name: "Take over" }).click();
  await expect(page.getByText("ARNOLD, Leah (Mrs), FCE57, ward 5A, bed 01: taken over.")).toBeVisible();
  await expect(page.getByText("Nothing waits for you")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Needs attention/u })).toHaveCount(0);
  await openVitals(page);
  await expect(page.getByRole("table", { name: "Sets of observations" })).toContainText("sent later");
});
