import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { type Journey, startJourney } from "../support/journey";
import { bridgeCall, middle, openArea, openFromWard, openTab, settled } from "../support/ward-page";

/** The Auditor's work: find, order, open, follow a session, print who looked, take the audit out, verify it. */
let journey: Journey;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-audit-"));
  // The app runs under an account of its own.
  chmodSync(folder, 0o777);
  journey = await startJourney();
  const nurse = await journey.signInAs("Nurse");
  await openFromWard(nurse, "ARNOLD, Leah");
  await openTab(nurse, "Vitals");
  await settled(nurse);
  await journey.signOut();
});
test.afterAll(async () => {
  await journey.close();
  rmSync(folder, { recursive: true, force: true });
});

const trail = (page: Page): Locator => page.getByRole("table", { name: "Audit trail" });
const rows = (page: Page): Locator => trail(page).locator("tbody tr");
const filter = (page: Page): Locator => page.getByRole("form", { name: "Filter" });
const screenshot = (page: Page, name: string) => page.screenshot({ path: join("test-results", `audit-${name}.png`) });

/** The Auditor at the entries, whatever the test before left behind. */
async function atTheEntries(): Promise<Page> {
  let page = await journey.page();
  if ((await page.getByRole("navigation", { name: "Main" }).count()) === 0) page = await journey.signInAs("Auditor");
  await openArea(page, "Audit");
  await settled(page);
  return page;
}

async function show(page: Page): Promise<void> {
  await filter(page).getByRole("button", { name: "Show entries" }).click();
  await settled(page);
}

async function column(page: Page, name: string): Promise<string[]> {
  const heads = await trail(page).getByRole("columnheader").allInnerTexts();
  const at = heads.findIndex((head) => head.trim() === name);
  return trail(page)
    .locator(`tbody tr > :nth-child(${at + 1})`)
    .allInnerTexts();
}

test("an Auditor filters by each datum, puts the entries in any order, and finds it all again after a lock", async () => {
  let page = await journey.signInAs("Auditor");
  await openArea(page, "Audit");
  await expect(trail(page)).toBeVisible();
  await settled(page);

  await filter(page).getByRole("combobox", { name: "Role" }).selectOption("Nurse");
  await filter(page).getByRole("textbox", { name: "Patient number" }).fill("FCE57");
  await filter(page).getByRole("combobox", { name: "Tool" }).selectOption("get_vital_signs");
  await show(page);
  await expect(rows(page)).not.toHaveCount(0);
  for (const cell of await column(page, "Patients")) expect(cell).toMatch(/FCE57|patients/u);
  expect(new Set(await column(page, "Role"))).toEqual(new Set(["Nurse"]));
  expect(new Set(await column(page, "Tool"))).toEqual(new Set(["get_vital_signs"]));

  await filter(page).getByRole("button", { name: "Clear" }).click();
  await settled(page);
  await trail(page).getByRole("button", { name: "Workstation" }).click();
  await expect(trail(page).getByRole("columnheader", { name: "Workstation" })).toHaveAttribute(
    "aria-sort",
    "ascending",
  );
  await settled(page);
  const ascending = await column(page, "Workstation");
  await trail(page).getByRole("button", { name: "Workstation" }).click();
  await expect(trail(page).getByRole("columnheader", { name: "Workstation" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
  await settled(page);
  const descending = await column(page, "Workstation");
  expect(ascending[0]).not.toBe(descending[0]);

  await filter(page).getByRole("textbox", { name: "Staff id or name" }).fill("johnson");
  await show(page);
  const found = await rows(page).count();
  expect(new Set((await column(page, "Who")).map((cell) => cell.split("\n")[0]))).toEqual(new Set(["Sarah Johnson"]));
  await screenshot(page, "entries");
  await journey.lock();
  page = await journey.unlock();
  await settled(page);
  await expect(filter(page).getByRole("textbox", { name: "Staff id or name" })).toHaveValue("johnson");
  await expect(trail(page).getByRole("columnheader", { name: "Workstation" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
  await expect(rows(page)).toHaveCount(found);

  await filter(page).getByLabel("From").fill("2026-04-05T09:05");
  await filter(page).getByLabel("To", { exact: true }).fill("2026-04-05T09:04");
  await expect(filter(page)).toContainText("The end is before the beginning.");
  await expect(filter(page).getByRole("button", { name: "Show entries" })).toBeDisabled();
  await filter(page).getByLabel("From").fill("");
  await filter(page).getByLabel("To", { exact: true }).fill("");
});

test("a row opens its details, and from there everything that the session saw", async () => {
  const page = await atTheEntries();
  await filter(page).getByRole("button", { name: "Clear" }).click();
  await filter(page).getByRole("combobox", { name: "Tool" }).selectOption("get_vital_signs");
  await filter(page).getByRole("combobox", { name: "Role" }).selectOption("Nurse");
  await show(page);
  await trail(page)
    .getByRole("link", { name: /^Details of/u })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: "Audit entry" });
  await expect(dialog).toContainText("Sarah Johnson (STF002)");
  await expect(dialog).toContainText(/[0-9a-f]{64}/u);
  await screenshot(page, "details");
  await nothingFoundInBothSchemes(page, "audit entry");
  await dialog.getByRole("button", { name: "Show this session" }).click();
  await expect(page.getByRole("heading", { name: /^Session of Sarah Johnson/u })).toBeVisible();
  await settled(page);
  await expect(page.getByRole("table", { name: "Patients affected" })).toContainText("ARNOLD, Leah (Mrs), FCE57");
  await expect(page.getByRole("table", { name: "Entries of the session" })).toContainText("get_vital_signs");
  await screenshot(page, "session");
  await nothingFoundInBothSchemes(page, "session");
  await page.getByRole("button", { name: "Other sessions" }).click();
  const sessions = page.getByRole("table", { name: "Sessions" });
  await expect(sessions).toContainText("Sarah Johnson (STF002), Nurse");
  await page.getByRole("form", { name: "Find a session" }).getByRole("textbox", { name: "Staff id" }).fill("STF006");
  await page.getByRole("button", { name: "Find sessions" }).click();
  await settled(page);
  await expect(sessions).not.toContainText("STF002");
  await nothingFoundInBothSchemes(page, "sessions");
});

test("who has looked at a patient opens from the banner, as a page that prints with its patient on each sheet", async () => {
  const page = await atTheEntries();
  await openFromWard(page, "ARNOLD, Leah");
  await page.getByRole("link", { name: "Who has looked at this patient" }).click();
  await expect(
    page.getByRole("heading", { name: /^ARNOLD, Leah \(Mrs\), Patient No. FCE57: who has looked/u }),
  ).toBeVisible();
  await settled(page);
  await expect(page.getByRole("table", { name: "People who have looked" })).toContainText("Sarah Johnson");
  const list = page.getByRole("table", { name: "Who has looked at this patient" });
  await expect(list).toContainText("get_vital_signs");
  await screenshot(page, "patient");
  await nothingFoundInBothSchemes(page, "who has looked");

  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
  await expect(list.locator("thead tr").first()).toContainText("ARNOLD, Leah (Mrs), Patient No. FCE57");
  await expect(list.locator("thead tr").first()).toBeVisible();
  await expect(page.getByText(/^Printed by Ruth Adeyemi \(Auditor\)/u)).toBeVisible();
  await screenshot(page, "print");
  await page.emulateMedia({ media: "screen" });
  const sheets = await journey.app.evaluate(async ({ BrowserWindow }) => {
    const pdf = await BrowserWindow.getAllWindows()[0]?.webContents.printToPDF({ pageSize: "A4" });
    return pdf?.toString("base64") ?? "";
  });
  const pdf = Buffer.from(sheets, "base64").toString("latin1");
  expect((pdf.match(/\/Type\s*\/Page\b/gu) ?? []).length).toBeGreaterThan(0);
});

test("what the filter finds is exported through the file dialog, told with its hash, and verified chain and anchors in words", async () => {
  const page = await atTheEntries();
  const file = join(folder, "audit.jsonl");
  await journey.app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath: chosen })) as never;
  }, file);
  const panel = page.getByRole("region", { name: "Export" });
  await panel.getByRole("combobox").selectOption("json-lines");
  await panel.getByRole("button", { name: "Export…" }).click();
  await expect(panel.getByRole("status")).toContainText(
    /saved in audit\.jsonl, with audit\.jsonl\.manifest\.json beside it\. SHA-256 [0-9a-f]{64}/u,
  );
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(100);
  expect(JSON.parse(lines[0] ?? "")).toHaveProperty("hashed");

  await page.getByRole("button", { name: "Verify chain" }).click();
  const chain = page.getByRole("status", { name: "Chain" });
  await expect(chain).toContainText(/Intact: .* nothing was altered/u);
  // Anchored or not yet, it says so and never nothing.
  await expect(chain).toContainText(/Not compared with anchors outside the database|Agrees with \d+ anchors?/u);
  await screenshot(page, "chain");
  await nothingFoundInBothSchemes(page, "audit");
});

test("the own access history has the same filters but people, for everybody, and no export", async () => {
  await atTheEntries();
  await journey.signOut();
  const page = await journey.signInAs("Nurse");
  await openArea(page, "Audit");
  await expect(trail(page)).toBeVisible();
  await expect(middle(page).getByRole("tablist")).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Export" })).toHaveCount(0);
  await expect(filter(page).getByRole("textbox", { name: "Staff id or name" })).toHaveCount(0);
  await filter(page).getByRole("combobox", { name: "Action" }).selectOption("LOGIN");
  await show(page);
  await expect(rows(page).first()).toContainText("Signed in");
  const refused = await bridgeCall(page, "audit.export", { format: "csv", filter: {} });
  expect(refused).toMatchObject({ ok: false, failure: { code: "RBAC_DENIED" } });
  const accesses = await bridgeCall(page, "tool.call", {
    name: "get_patient_accesses",
    arguments: { patient_id: "FCE57" },
  });
  expect(accesses).toMatchObject({ ok: false, failure: { code: "RBAC_DENIED" } });
  await nothingFoundInBothSchemes(page, "own history");
});
