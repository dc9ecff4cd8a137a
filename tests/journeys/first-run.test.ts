import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { connectionSteps } from "../../shared/workstation/connection";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { deleteHome, type Journey, startJourney } from "../support/journey";
import { tabTo } from "../support/keyboard";
import { bridgeCall, demoPassword } from "../support/ward-page";

/** Nothing listens on port 1 of this machine. */
const nobodyThere = "postgresql://lamplight_app@127.0.0.1:1/lamplight";
const secret = "a password that must stay in its field";

const form = (page: Page) => page.getByRole("form", { name: "Hospital database" });
const address = (page: Page) => form(page).getByRole("textbox", { name: "Database address" });
const steps = (page: Page) => page.getByRole("list", { name: "Connection test" }).getByRole("listitem");
const openForm = (page: Page) => page.getByRole("button", { name: "Connect to the hospital's database" }).click();

test.describe("the first start on a machine", () => {
  let journey: Journey;
  test.beforeEach(async () => {
    journey = await startJourney({ empty: true });
    await expect((await journey.page()).getByRole("heading", { name: "First start" })).toBeVisible();
  });
  test.afterEach(async () => {
    await journey.close();
    deleteHome(journey.home);
  });

  test("offers two choices, and the test of a connection says at which step it failed and keeps what was typed", async () => {
    const page = await journey.page();
    await expect(page.getByRole("button", { name: "Load demo hospital" })).toBeVisible();
    await nothingFoundInBothSchemes(page, "first start");
    await openForm(page);
    await expect(address(page)).toBeFocused();
    await nothingFoundInBothSchemes(page, "connection form");

    await test.step("an address that is none is told beside its field, and nothing is asked", async () => {
      await address(page).fill("db.hospital.example");
      await page.getByRole("button", { name: "Test connection" }).click();
      await expect(form(page).getByRole("alert")).toContainText("postgresql://");
      await expect(address(page)).toHaveAttribute("aria-invalid", "true");
      await expect(page.getByRole("status")).toContainText("Not tested yet");
    });

    await test.step("a server that is not there fails at its step; the rest is not checked", async () => {
      await address(page).fill(nobodyThere);
      await form(page).getByRole("textbox", { name: "Password" }).fill(secret);
      await page.getByRole("button", { name: "Test connection" }).click();
      await expect(page.getByRole("status")).toContainText("failed at “Server”");
      await expect(steps(page)).toHaveCount(connectionSteps.length);
      await expect(steps(page).nth(0)).toContainText("Passed");
      await expect(steps(page).nth(1)).toContainText("Failed");
      for (const later of [2, 3, 4]) await expect(steps(page).nth(later)).toContainText("Not checked");
      await expect(page.getByRole("button", { name: "Test connection" })).toBeFocused();
      expect(await page.getByRole("main").innerText()).not.toContain(secret);
      await nothingFoundInBothSchemes(page, "failed connection test");
    });

    await test.step("Connect tests first and does not go on", async () => {
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await expect(page.getByRole("status")).toContainText("Not connected, and nothing was changed");
      expect(await bridgeCall(page, "connection.view", {})).toMatchObject({
        ok: true,
        value: { kind: "embedded", source: "default" },
      });
    });

    await test.step("what was typed is there after every error, and after a look back", async () => {
      await page.getByRole("button", { name: "Back" }).click();
      await openForm(page);
      await expect(address(page)).toHaveValue(nobodyThere);
      await expect(form(page).getByRole("textbox", { name: "Password" })).toHaveValue(secret);
      await address(page).fill(`${nobodyThere}_two`);
      await expect(page.getByRole("status")).not.toContainText("failed at");
    });
  });

  test("a password in the address is refused before it goes anywhere", async () => {
    const page = await journey.page();
    await openForm(page);
    await address(page).fill("postgresql://lamplight_app:hunter2@db.hospital.example/lamplight");
    await page.keyboard.press("Enter");
    await expect(form(page).getByRole("alert")).toContainText("password out of the address");
    await expect(address(page)).toHaveValue(/hunter2/u);
    const answer = await bridgeCall(page, "connection.choose", {
      url: "postgresql://lamplight_app:hunter2@db.hospital.example/lamplight",
      password: "",
      certificateAuthority: null,
    });
    expect(answer).toMatchObject({ ok: false, failure: { code: "CONNECTION_REFUSED" } });
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });

  test("by keyboard alone: into the form, through it, back, and into the demo hospital, which is marked on every screen", async () => {
    let page = await journey.page();
    await expect(page.getByText("DEMO", { exact: true })).toHaveCount(0);
    await tabTo(page, page.getByRole("button", { name: "Connect to the hospital's database" }));
    await page.keyboard.press("Enter");
    await expect(address(page)).toBeFocused();
    await tabTo(page, form(page).getByRole("textbox", { name: "Certificate authority" }));
    await tabTo(page, page.getByRole("button", { name: "Back" }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("button", { name: "Load demo hospital" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    const mark = (on: Page) => on.getByText("DEMO", { exact: true }).filter({ visible: true });
    await expect(mark(page)).toHaveCount(1);
    page = await journey.signInAs("Nurse");
    await expect(page.getByRole("banner").getByText("DEMO", { exact: true })).toBeVisible();
    await page.emulateMedia({ media: "print" });
    const head = page.getByTestId("demo-print-head");
    await expect(head).toContainText("DEMO");
    expect(await head.evaluate((element) => getComputedStyle(element).display)).toBe("table-header-group");
    await page.emulateMedia({ media: "screen" });
    page = await journey.lock();
    await expect(mark(page)).toHaveCount(1);
    await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused();
    await page.keyboard.type(demoPassword);
    page = await journey.afterReplacement(() => page.keyboard.press("Enter"));
    await expect(page.getByRole("banner").getByText("DEMO", { exact: true })).toBeVisible();
    // Where a hospital is open the connection is nobody's to change.
    expect(
      await bridgeCall(page, "connection.choose", { url: nobodyThere, password: secret, certificateAuthority: null }),
    ).toMatchObject({ ok: false });
  });
});

test("a database that is away: what happened, what to do and whom to tell, and nothing to change where IT decided", async () => {
  const journey = await startJourney({ empty: true, env: { DATABASE_URL: nobodyThere } });
  try {
    const page = await journey.page();
    await expect(page.getByRole("heading", { name: "The database does not answer" })).toBeVisible();
    const middle = page.getByRole("main");
    await expect(middle).toContainText("Nothing that was saved is lost");
    await expect(middle).toContainText("tell IT");
    await expect(page.getByRole("region", { name: "For IT" })).toContainText(/Version\s*\d+\.\d+\.\d+/u);
    await expect(middle).toContainText("IT decided which database this workstation uses");
    await expect(page.getByRole("button", { name: /connection|database/iu })).toHaveCount(0);
    await nothingFoundInBothSchemes(page, "database away");
    expect(
      await bridgeCall(page, "connection.choose", { url: nobodyThere, password: "x", certificateAuthority: null }),
    ).toMatchObject({ ok: false, failure: { code: "CONFIGURATION_LOCKED" } });
  } finally {
    await journey.close();
    deleteHome(journey.home);
  }
});

test("a choice of a database that cannot be read any more is told on the page that asks for it again", async () => {
  const home = mkdtempSync(join(tmpdir(), "lamplight-journey-"));
  writeFileSync(join(home, "connection.json"), "{", { mode: 0o644 });
  const journey = await startJourney({ home });
  try {
    const page = await journey.page();
    await expect(page.getByRole("heading", { name: "First start" })).toBeVisible();
    await expect(page.getByRole("main")).toContainText("connection.json could not be understood. It is kept as");
  } finally {
    await journey.close();
    deleteHome(home);
  }
});

test("while somebody signs in the database under their hands is not changed", async () => {
  const journey = await startJourney();
  try {
    const page = await journey.page();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    const signIn = bridgeCall(page, "session.signIn", { username: "demo_nurse", password: demoPassword });
    const choice = { url: nobodyThere, password: "", certificateAuthority: null };
    const [signedIn, ...others] = await Promise.all([
      signIn,
      bridgeCall(page, "connection.choose", choice),
      bridgeCall(page, "connection.forget", {}),
      bridgeCall(page, "connection.test", choice),
    ]);
    expect(signedIn).toMatchObject({ ok: true });
    for (const other of others) expect(other).toMatchObject({ ok: false, failure: { code: "CONNECTION_REFUSED" } });
    expect(await bridgeCall(page, "connection.view", {})).toMatchObject({ ok: true, value: { kind: "embedded" } });
  } finally {
    await journey.close();
  }
});
