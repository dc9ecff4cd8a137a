import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { deleteHome, type Journey, startJourney } from "../support/journey";
import { runToItsEnd } from "../support/launch-app";
import { bridgeCall, openArea } from "../support/ward-page";

test.skip(process.platform === "win32", "the managed file is protected as POSIX does it");

let folder: string;
let file: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-managed-"));
  chmodSync(folder, 0o755);
  file = join(folder, "managed.json");
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As a fleet's tool puts it in place: everybody reads it, only its owner writes it. */
function manage(configuration: unknown): Record<string, string> {
  writeFileSync(file, JSON.stringify(configuration), { mode: 0o644 });
  return { LAMPLIGHT_MANAGED: file };
}

test("what IT set is shown as set by IT, cannot be changed on screen, and is refused behind it", async () => {
  const journey: Journey = await startJourney({
    env: manage({ look: { appearance: "dark" }, lock: { idleSeconds: 300 } }),
  });
  try {
    const page = await journey.signInAs("Nurse");
    await expect(page.locator("html")).toHaveAttribute("data-appearance", "dark");
    await openArea(page, "Settings");
    const table = page.getByRole("table", { name: "This workstation" });
    for (const title of ["Lock after", "Appearance"]) {
      const row = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: title, exact: true }) });
      await expect(row).toContainText("Set by IT");
    }
    const free = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "Size of the text" }) });
    await expect(free).not.toContainText("Set by IT");

    const colours = page.getByRole("group", { name: "Colours" });
    await expect(colours).toContainText("Set by your IT department");
    for (const choice of ["As the machine", "Light", "Dark, for the night"]) {
      await expect(colours.getByRole("radio", { name: choice })).toBeDisabled();
    }
    await expect(colours.getByRole("radio", { name: "Dark, for the night" })).toBeChecked();
    const size = page.getByRole("group", { name: "Text size" });
    await expect(size).not.toContainText("Set by your IT department");
    await size.getByRole("radio", { name: /^Large/u }).check();
    await expect(page.locator("html")).toHaveAttribute("data-text-size", "large");

    expect(await bridgeCall(page, "settings.change", { appearance: "light" })).toMatchObject({
      ok: false,
      failure: { code: "CONFIGURATION_LOCKED" },
    });
    await expect(page.locator("html")).toHaveAttribute("data-appearance", "dark");
    await nothingFoundInBothSchemes(page, "settings with locked items");
  } finally {
    await journey.close();
  }
});

test("a hospital whose IT decided the database and forbade the demo: neither can be chosen", async () => {
  const url = "postgresql://lamplight_app@127.0.0.1:1/lamplight";
  const journey = await startJourney({
    empty: true,
    env: manage({ database: { url, password: "told-to-nobody" }, demo: { allowed: false } }),
  });
  try {
    const page = await journey.page();
    await expect(page.getByRole("heading", { name: "The database does not answer" })).toBeVisible();
    const middle = page.getByRole("main");
    await expect(middle).toContainText("IT decided which database this workstation uses");
    await expect(middle).toContainText("127.0.0.1:1");
    await expect(page.getByRole("form", { name: "Hospital database" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Change connection" })).toHaveCount(0);
    expect(await middle.innerText()).not.toContain("told-to-nobody");
    expect(await bridgeCall(page, "connection.forget", {})).toMatchObject({
      ok: false,
      failure: { code: "CONFIGURATION_LOCKED" },
    });
  } finally {
    await journey.close();
    deleteHome(journey.home);
  }
});

test("where the demo hospital is forbidden the first start says so instead of offering it", async () => {
  const journey = await startJourney({ empty: true, env: manage({ demo: { allowed: false } }) });
  try {
    const page = await journey.page();
    await expect(page.getByRole("heading", { name: "First start" })).toBeVisible();
    await expect(page.getByText("The demo hospital may not be loaded")).toBeVisible();
    await expect(page.getByRole("button", { name: "Load demo hospital" })).toHaveCount(0);
    expect(await bridgeCall(page, "hospital.loadDemo", {})).toMatchObject({ ok: false });
    await expect(page.getByRole("heading", { name: "First start" })).toBeVisible();
  } finally {
    await journey.close();
    deleteHome(journey.home);
  }
});

test("a bad value stops the start with one line that names the file and the item", async () => {
  const home = mkdtempSync(join(tmpdir(), "lamplight-journey-"));
  chmodSync(home, 0o777);
  try {
    const { status, said } = await runToItsEnd({ home, env: manage({ lock: { idleSeconds: "soon" } }) });
    expect(status).toBe(1);
    const lines = said.split("\n").filter((line) => line.includes("Lamplight"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(file);
    expect(lines[0]).toContain("lock.idleSeconds");
  } finally {
    deleteHome(home);
  }
});
