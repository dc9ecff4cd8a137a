import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Locator, test } from "@playwright/test";
import { toolNode } from "../../scripts/lib/project.mjs";
import { deleteHome, homeWithDemoHospital, type Journey, startJourney } from "../support/journey";
import { importedSsn, smallBundle, storedInBundle } from "../support/small-bundle";
import { ask, banner, bridgeCall, demoPassword, openArea, openFromWard, openTab } from "../support/ward-page";

// Later ones go on with the patient whom the first brought.
test.describe.configure({ mode: "serial" });

let folder: string;
let whole: string;
let cut: string;
let journey: Journey;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-bundles-"));
  chmodSync(folder, 0o755);
  whole = join(folder, "tamaki.json");
  cut = join(folder, "tamaki-cut.json");
  writeFileSync(whole, smallBundle(), { mode: 0o644 });
  writeFileSync(cut, smallBundle().slice(0, 4000), { mode: 0o644 });
  journey = await startJourney();
});
test.afterAll(async () => {
  await journey.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The file chooser is the one thing of the screen that a test cannot press: it answers with our file. */
async function choose(...files: string[]): Promise<void> {
  await journey.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: chosen });
  }, files);
}

async function importing(file: string): Promise<Locator> {
  await choose(file);
  const page = await journey.page();
  await page.getByRole("button", { name: "Choose FHIR bundles" }).click();
  const name = file.slice(folder.length + 1);
  await expect(page.getByRole("status").filter({ hasText: /imported/u })).toBeVisible();
  return page.getByRole("region", { name: `Report on ${name}` });
}

async function counts(report: Locator): Promise<Record<string, [inFile: number, fresh: number, unchanged: number]>> {
  const rows = report.getByRole("table", { name: /^Stored from/u }).getByRole("row");
  const found: Record<string, [number, number, number]> = {};
  for (const row of (await rows.all()).slice(1)) {
    const type = await row.getByRole("rowheader").innerText();
    const [inFile = 0, fresh = 0, unchanged = 0] = (await row.getByRole("cell").allInnerTexts()).map(Number);
    found[type] = [inFile, fresh, unchanged];
  }
  return found;
}

test("an administrator imports a bundle, sees counts by type, and a second import brings nothing new", async () => {
  const page = await journey.signInAs("Admin");
  await openArea(page, "Administration");
  const first = await importing(whole);
  await expect(first).toContainText("TAMAKI, Hinemoa (Ms)");
  expect(await counts(first)).toEqual(
    Object.fromEntries(Object.entries(storedInBundle).map(([type, count]) => [type, [count, count, 0]])),
  );
  const left = first.getByRole("table", { name: /^Not stored from/u });
  await expect(left.getByRole("row").filter({ hasText: "CarePlan" })).toContainText("2");

  const second = await importing(whole);
  await expect(second).toContainText("Nothing new");
  expect(await counts(second)).toEqual(
    Object.fromEntries(Object.entries(storedInBundle).map(([type, count]) => [type, [count, 0, count]])),
  );
});

test("a file that was cut off is refused whole, with the place of the fault", async () => {
  const report = await importing(cut);
  await expect(report).toContainText("Refused. Nothing of this file was stored.");
  await expect(report).toContainText(/line \d+, column \d+: the file ends in the middle of its data/u);
  await expect(report.getByRole("table")).toHaveCount(0);
});

test("the imported patient is admitted to a bed on 5A, and the nurse opens and asks about her like any other", async () => {
  const report = await importing(whole);
  await report.getByRole("button", { name: "Admit this patient" }).click();
  let page = await journey.page();
  const form = page.getByRole("form", { name: "Admit to a bed" });
  await expect(form.getByRole("status")).toContainText("TAMAKI, Hinemoa");
  await form.getByRole("combobox", { name: "Ward" }).selectOption({
    label: (
      await form.getByRole("combobox", { name: "Ward" }).locator("option", { hasText: "Internal Medicine" }).innerText()
    ).trim(),
  });
  await form.getByRole("combobox", { name: "Bed" }).selectOption({ index: 1 });
  await form.getByRole("textbox", { name: "Reason" }).fill("Observation after a fall");
  await form.getByRole("button", { name: "Admit TAMAKI, Hinemoa" }).click();
  await expect(page.getByRole("region", { name: "Admit to a bed" })).toContainText(/admitted/iu);

  page = await journey.switchTo("Nurse");
  await openFromWard(page, "TAMAKI, Hinemoa");
  await expect(banner(page)).toContainText("Born 02-Oct-1979");
  await expect(banner(page)).toContainText("Sulfonamide: Skin rash (moderate)");
  await expect(await openTab(page, "Diagnoses")).toContainText("Essential hypertension");
  await expect(await openTab(page, "Medications")).toContainText("lisinopril");
  await expect(await openTab(page, "Vitals")).toContainText("142");
  const number = /Patient No\. (\w+)/u.exec(await banner(page).innerText())?.[1] as string;
  await page.keyboard.press("Control+j");
  const answer = await ask(page, `Any allergies for ${number}?`);
  await expect(answer).toContainText("Sulfonamide");
  await expect(answer.getByRole("group", { name: "Tool call get_allergies" })).toHaveCount(1);
  expect(await page.locator("body").innerText()).not.toContain(importedSsn);
});

test("only an administrator imports: asking over the bridge is refused to a nurse", async () => {
  const page = await journey.page();
  expect(await bridgeCall(page, "import.chooseAndRun", {})).toMatchObject({
    ok: false,
    failure: { code: "RBAC_DENIED" },
  });
  expect(await bridgeCall(page, "beds.free", {})).toMatchObject({ ok: false });
});

/** `npm run import:fhir`, as from a terminal. */
function importByCommand(home: string, user: string, password: string, ...files: string[]) {
  const run = spawnSync(
    toolNode(),
    ["node_modules/tsx/dist/cli.mjs", "scripts/import-fhir.ts", "--user", user, ...files],
    {
      encoding: "utf8",
      env: { ...process.env, LAMPLIGHT_HOME: home, LAMPLIGHT_PASSWORD: password },
      timeout: 120_000,
    },
  );
  return { status: run.status, said: `${run.stdout}${run.stderr}` };
}

test("the command imports while the app runs and while it does not, and refuses whoever may not", async () => {
  const home = await homeWithDemoHospital();
  try {
    const closed = importByCommand(home, "demo_admin", demoPassword, whole);
    expect(closed.said).toMatch(/Observation\D+3/u);
    expect(closed.status).toBe(0);
    const nurse = importByCommand(home, "demo_nurse", demoPassword, whole);
    expect(nurse.status).not.toBe(0);
  } finally {
    deleteHome(home);
  }
  const running = importByCommand(journey.home, "demo_admin", demoPassword, whole, cut);
  expect(running.said).toMatch(/line \d+, column \d+/u);
  expect(running.status).not.toBe(0);
  const wrong = importByCommand(journey.home, "demo_admin", "not the password", whole);
  expect(wrong.said).toContain("Username or password is wrong.");
  expect(wrong.status).not.toBe(0);
  // The app goes on working on the same database.
  expect(await bridgeCall(await journey.page(), "tool.call", { name: "list_ward", arguments: {} })).toMatchObject({
    ok: true,
  });
});
