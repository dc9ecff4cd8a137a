import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { strFromU8, unzipSync } from "fflate";
import { healthChecks } from "../../shared/workstation/health";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { type Journey, startJourney } from "../support/journey";
import { bridgeCall, demoPassword, openArea } from "../support/ward-page";

// Later ones look at the page that the first opened.
test.describe.configure({ mode: "serial" });

let journey: Journey;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-bundle-"));
  chmodSync(folder, 0o777);
  journey = await startJourney();
});
test.afterAll(async () => {
  await journey.close();
  rmSync(folder, { recursive: true, force: true });
});

const rows = (page: Page) => page.getByRole("table", { name: "Health" }).getByRole("row");
const overall = (page: Page) => page.getByRole("status", { name: "Health" });

async function openHealth(page: Page): Promise<void> {
  await openArea(page, "Administration");
  await page.getByRole("tablist", { name: "Administration" }).getByRole("tab", { name: "Health and updates" }).click();
  await expect(rows(page)).toHaveCount(Object.keys(healthChecks).length + 1);
}

test("an administrator sees one row a check, in words, with figures and their age, and can look again", async () => {
  const page = await journey.signInAs("Admin");
  await openHealth(page);
  const panel = page.getByRole("region", { name: "Health", exact: true });
  await expect(panel).toContainText("Checked just now");
  for (const [at, title] of Object.values(healthChecks).entries()) {
    await expect(
      rows(page)
        .nth(at + 1)
        .getByRole("rowheader"),
    ).toHaveText(title);
    await expect(rows(page).nth(at + 1)).toContainText(/Good|Look at this|Bad|Not checked/u);
  }
  const row = (title: string) => rows(page).filter({ has: page.getByRole("rowheader", { name: title, exact: true }) });
  const again = panel.getByRole("button", { name: "Check again" });
  // A machine that is starved at this moment has a slow database, and says so.
  await expect(async () => {
    if (await row("Database").getByText("The database answers slowly.").isVisible()) await again.click();
    await expect(row("Database")).toContainText("Good", { timeout: 10_000 });
  }).toPass({ timeout: 120_000 });
  await expect(row("Disk")).toContainText(/\d (?:GB|TB) free/u);
  await expect(row("Clock")).toContainText("ms");
  await expect(row("Updates")).toContainText("off");
  await expect(overall(page)).toContainText(/\d good/u);

  const before = await panel.locator("time").first().getAttribute("datetime");
  await again.click();
  await expect(panel.locator("time").first()).not.toHaveAttribute("datetime", before as string);
  await nothingFoundInBothSchemes(page, "health");
});

test("updates are off: it says so, says that nothing is opened, and offers no check", async () => {
  const page = await journey.page();
  const panel = page.getByRole("region", { name: "Updates" });
  await expect(panel).toContainText("opens no connection");
  await expect(panel.getByRole("button", { name: "Check now" })).toHaveCount(0);
  await expect(page.getByRole("status", { name: "Update" })).toHaveText("");
});

test("the diagnostic bundle is saved where the administrator says, and holds no patient, no name and no password", async () => {
  const page = await journey.page();
  const file = join(folder, "bundle.zip");
  const answers = (chosen: string | undefined) =>
    journey.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: filePath === undefined, filePath: filePath ?? "" });
    }, chosen);
  const panel = page.getByRole("region", { name: "Health", exact: true });

  await answers(undefined);
  await panel.getByRole("button", { name: "Save diagnostic bundle" }).click();
  await expect(panel.getByText("Not saved: no place was chosen.")).toBeVisible();

  await answers(file);
  await panel.getByRole("button", { name: "Save diagnostic bundle" }).click();
  await expect(panel.getByText(/^Saved as .*bundle\.zip\.$/u)).toBeVisible();
  expect(existsSync(file)).toBe(true);
  const entries = Object.entries(unzipSync(readFileSync(file)));
  expect(entries.length).toBeGreaterThan(1);
  const whole = entries.map(([name, content]) => `${name}\n${strFromU8(content)}`).join("\n");
  expect(whole).toContain('"database"');
  for (const secret of ["ARNOLD", "Leah", "FCE57", "demo_nurse", demoPassword]) expect(whole).not.toContain(secret);
});

test("nobody but an administrator reads it, on the screen or behind it", async () => {
  const page = await journey.switchTo("Nurse");
  await expect(page.getByRole("link", { name: "Administration" })).toHaveCount(0);
  for (const command of ["health.read", "health.saveBundle", "updates.check"] as const) {
    expect(await bridgeCall(page, command, {})).toMatchObject({ ok: false, failure: { code: "RBAC_DENIED" } });
  }
});
