import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { whyNotHere } from "../../scripts/lib/test-servers.mjs";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import {
  centralWorkstationPassword,
  type HospitalServer,
  startHospitalServer,
} from "../support/central/hospital-server";
import { deleteHome, type Journey, startJourney } from "../support/journey";
import { bridgeCall, demoPassword, openFromWard } from "../support/ward-page";

/** A new machine, the hospital's own PostgreSQL behind its own certificate authority, and a person with the letter from IT. */
test.skip(whyNotHere() !== null, whyNotHere() ?? "");
test.describe.configure({ mode: "serial" });

let server: HospitalServer;
let journey: Journey;
test.beforeAll(async () => {
  server = await startHospitalServer();
  journey = await startJourney({ empty: true, keep: true });
});
test.afterAll(async () => {
  await journey?.close();
  if (journey) deleteHome(journey.home);
  await server?.dispose();
});

const form = (page: Page) => page.getByRole("form", { name: "Hospital database" });
const field = (page: Page, name: string) => form(page).getByRole("textbox", { name });
const step = (page: Page, at: number) =>
  page.getByRole("list", { name: "Connection test" }).getByRole("listitem").nth(at);
const status = (page: Page) => page.getByRole("status");
const testConnection = (page: Page) => page.getByRole("button", { name: "Test connection" }).click();
const away = (page: Page) => page.getByRole("heading", { name: "The database does not answer" });
const signIn = (page: Page) => page.getByRole("heading", { name: "Sign in" });

/** Every file of a home folder whose bytes hold a text, however many folders deep. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file).includes(text));
}

test("what is wrong is told step by step, what was typed stays, and when all is right the hospital opens", async () => {
  const page = await journey.page();
  await expect(page.getByRole("heading", { name: "First start" })).toBeVisible();
  await page.getByRole("button", { name: "Connect to the hospital's database" }).click();
  // Another machine always has to prove itself; of this one it must be asked.
  const address = `postgresql://lamplight_app@localhost:${server.postgres.port}/lamplight?sslmode=verify-full`;

  await test.step("without the hospital's authority the certificate proves nothing", async () => {
    await field(page, "Database address").fill(address);
    await field(page, "Password").fill("not the password");
    await testConnection(page);
    await expect(status(page)).toContainText("failed at “Certificate”");
    await expect(step(page, 3)).toContainText("Not checked");
  });

  await test.step("a wrong password fails at the login, and Connect does not go on", async () => {
    await field(page, "Certificate authority").fill(server.authority.pem);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(status(page)).toContainText("failed at “Login”. Not connected");
    await expect(step(page, 2)).toContainText("Passed");
    await expect(field(page, "Database address")).toHaveValue(address);
    await expect(field(page, "Password")).toHaveValue("not the password");
    expect(await bridgeCall(page, "connection.view", {})).toMatchObject({ ok: true, value: { kind: "embedded" } });
  });

  await test.step("with the right one every step passes, and the sign-in of that hospital opens", async () => {
    await field(page, "Password").fill(centralWorkstationPassword);
    await testConnection(page);
    await expect(status(page)).toContainText("All 5 steps passed");
    await nothingFoundInBothSchemes(page, "passed connection test");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(signIn(page)).toBeVisible();
    await expect(page.getByText("Central database")).toBeVisible();
    await expect(page.getByText("DEMO", { exact: true })).toBeVisible();
    expect(await bridgeCall(page, "connection.view", {})).toMatchObject({
      ok: true,
      value: { kind: "central", source: "chosen", locked: false, url: address },
    });
  });

  await test.step("a nurse works there, and leaves", async () => {
    await page.getByRole("textbox", { name: "Username" }).fill("demo_nurse");
    await page.getByRole("textbox", { name: "Password" }).fill(demoPassword);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
    await openFromWard(page, "ARNOLD, Leah");
    await journey.signOut();
  });
});

test("while the server is away the page says so, offers another connection, and goes by itself when it is back", async () => {
  const page = await journey.page();
  await server.postgres.end("SIGQUIT");
  // A nurse signed in here before: she can go on without the network, and IT finds what is known of the connection.
  await expect(page.getByRole("status").filter({ hasText: "working without the network" })).toBeVisible();
  await nothingFoundInBothSchemes(page, "sign-in without the network");
  await page.getByRole("button", { name: "About the connection" }).click();
  await expect(away(page)).toBeVisible();
  await page.getByRole("button", { name: "Sign in without the network" }).click();
  await page.getByRole("button", { name: "About the connection" }).click();
  await expect(page.getByRole("main")).toContainText("Nothing that was saved is lost");
  await nothingFoundInBothSchemes(page, "central database away");
  await page.getByRole("button", { name: "Change connection" }).click();
  await expect(field(page, "Database address")).toHaveValue(/localhost/u);
  await expect(field(page, "Certificate authority")).toHaveValue(/BEGIN CERTIFICATE/u);
  // The password never comes back to a page.
  await expect(field(page, "Password")).toHaveValue("");
  await page.getByRole("button", { name: "Back" }).click();
  await expect(away(page)).toBeVisible();
  await server.postgres.start();
  await expect(signIn(page)).toBeVisible();
});

test("back to a database of this machine's own only after a second question; then the address and the password are gone", async () => {
  const page = await journey.page();
  await server.postgres.end("SIGQUIT");
  await page.getByRole("button", { name: "About the connection" }).click();
  await expect(away(page)).toBeVisible();
  const use = page.getByRole("button", { name: "Use a database on this machine instead" });
  await use.click();
  const question = page.getByRole("alertdialog", { name: "Use a database on this machine instead?" });
  await expect(question.getByRole("button", { name: "Keep the hospital's database" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await expect(away(page)).toBeVisible();
  await use.click();
  await nothingFoundInBothSchemes(page, "question before the hospital's database is left");
  await question.getByRole("button", { name: "Use this machine's own" }).click();
  await expect(page.getByRole("heading", { name: "First start" })).toBeVisible();
  expect(await bridgeCall(page, "connection.view", {})).toMatchObject({
    ok: true,
    value: { kind: "embedded", source: "default", url: null },
  });
  expect(filesWith(journey.home, centralWorkstationPassword)).toEqual([]);
});
