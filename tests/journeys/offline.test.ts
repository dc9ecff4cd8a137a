import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { type CuttableLine, openLine } from "../support/cuttable-line";
import { demoPassword } from "../support/demo-password";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { deleteHome, type Journey, ownedByTheApp, startJourney } from "../support/journey";
import { kill, nothingRunsFor } from "../support/machine";
import { banner, bridgeCall, chartTab, openArea, openFromWard, openTab } from "../support/ward-page";

/** The app on a hospital's database over a line that the test takes away and gives back. */
let hospital: TestHospital;
let line: CuttableLine;
const homes: string[] = [];
let journey: Journey | undefined;

test.beforeAll(async () => {
  hospital = await startTestHospital();
  line = await openLine(hospital.workstation, { tcp: true });
});
test.afterEach(async () => {
  await journey?.close().catch(() => undefined);
  journey = undefined;
  await line.mend();
});
test.afterAll(async () => {
  await line?.close();
  await hospital?.close();
  for (const home of homes) deleteHome(home);
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "lamplight-offline-"));
  homes.push(home);
  ownedByTheApp(home);
  return home;
}

async function start(home: string): Promise<Journey> {
  const { user, password, database } = hospital.workstation;
  const url = `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${line.port}/${database}`;
  journey = await startJourney({ home, env: { DATABASE_URL: url } });
  return journey;
}

const notice = (page: Page) => page.getByRole("status").filter({ hasText: "working without the network" });
const wardList = (page: Page) => page.getByRole("table", { name: "Ward list" });
const figure = (page: Page, name: string) => page.getByRole("spinbutton", { name, exact: true });
const offlineState = async (page: Page) => {
  const outcome = await bridgeCall(page, "offline.state", {});
  if (!outcome.ok) throw new Error(outcome.failure.code);
  return outcome.value;
};

async function enterSet(page: Page, pulse: string): Promise<void> {
  const typed = [
    ["Respiratory rate", "16"],
    ["Oxygen saturation", "97"],
    ["Systolic blood pressure", "128"],
    ["Diastolic blood pressure", "74"],
    ["Pulse", pulse],
    ["Temperature", "36.8"],
  ] as const;
  for (const [name, value] of typed) await figure(page, name).fill(value);
  await page.getByRole("combobox", { name: "Oxygen", exact: true }).selectOption({ label: "Air" });
  await page.getByRole("combobox", { name: "Consciousness" }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "Save observations" }).click();
  // Empty again, and ready for the next set.
  await expect(figure(page, "Pulse")).toHaveValue("");
}

async function storedPulses(...pulses: number[]): Promise<number[]> {
  const { rows } = await hospital.owner(
    "SELECT pulse FROM hospital.vital_signs WHERE origin = 'outbox' AND pulse = ANY ($1) ORDER BY pulse",
    [pulses],
  );
  return rows.map((row) => Number(row["pulse"]));
}

async function ready(page: Page): Promise<void> {
  // The last place came along from the workstation before.
  await openArea(page, "Ward");
  await expect(wardList(page).getByRole("link", { name: /^ARNOLD, Leah/u })).toBeVisible();
  await expect.poll(async () => (await offlineState(page)).wardAsOf).not.toBeNull();
}

test("locked and unlocked without the network, vital signs entered, killed, started again, and back: each set is sent once", async () => {
  const home = newHome();
  let app = await start(home);
  let page = await app.signInAs("Nurse");
  await ready(page);

  await line.cut();
  await expect(notice(page)).toContainText(/The network is away since \d\d:\d\d\./u);
  // Now that no newer copy can come.
  const asOf = new Date(String((await offlineState(page)).wardAsOf));
  const clock = `${String(asOf.getHours()).padStart(2, "0")}:${String(asOf.getMinutes()).padStart(2, "0")}`;
  await app.lock();
  page = await app.unlock();
  await expect(notice(page)).toContainText(`You see the ward as of ${clock}.`);
  await expect(notice(page)).toContainText(/You can work like this until \d\d:\d\d\./u);
  await expect(wardList(page).getByRole("row").nth(1)).toContainText(`as of ${clock}`);
  await nothingFoundInBothSchemes(page, "offline");

  await openFromWard(page, "ARNOLD, Leah");
  await expect(banner(page)).toContainText("Attempt CPR");
  await expect(banner(page)).toContainText("Penicillin");
  await expect(banner(page)).toContainText(`as of ${clock}`);
  await chartTab(page, "Records").click();
  await expect(page.getByRole("tabpanel", { name: "Records" })).toContainText(
    "not available while the network is away",
  );
  for (const area of ["Assistant", "Patients", "Audit"]) {
    await openArea(page, area);
    await expect(page.getByRole("main")).toContainText("It will work again by itself when the network is back.");
  }

  await openFromWard(page, "ARNOLD, Leah");
  await openTab(page, "Vitals");
  await enterSet(page, "61");
  await expect(page.getByText("Saved on this workstation, not yet sent").first()).toBeVisible();
  await expect(notice(page)).toContainText("1 set of vital signs waits here to be sent.");
  await enterSet(page, "62");
  await expect(notice(page)).toContainText("2 sets of vital signs wait here to be sent.");
  // What was typed can be read again, under its own heading: it is in no chart yet.
  const unsent = page.getByRole("region", { name: "Not sent yet" });
  await expect(unsent.getByRole("listitem")).toHaveCount(2);
  await expect(unsent).toContainText("Pulse61/min");
  await expect(unsent).toContainText("Pulse62/min");
  await openTab(page, "Overview");
  await expect(page.getByRole("tabpanel", { name: "Overview" })).toContainText(
    "2 sets of yours wait here to be sent and are not in this score.",
  );
  await openTab(page, "Vitals");
  await nothingFoundInBothSchemes(page, "offline");

  // Killed, and started again with the network still away: the sign-in page lets the same person in.
  const main = await app.app.evaluate(() => process.pid);
  const gone = new Promise<void>((resolve) => app.app.on("close", () => resolve()));
  kill(main, "SIGKILL");
  await gone;
  await nothingRunsFor(home, 30_000);
  app = await start(home);
  page = await app.page();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(notice(page)).toBeVisible();
  await nothingFoundInBothSchemes(page, "offline");
  await page.getByRole("textbox", { name: "Username" }).fill("demo_nurse");
  await page.getByRole("textbox", { name: "Password" }).fill("not her password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Username or password is wrong.")).toBeVisible();
  await page.getByRole("textbox", { name: "Password" }).fill(demoPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(notice(page)).toContainText("2 sets of vital signs wait here to be sent.");
  await openFromWard(page, "CHEN");
  await openTab(page, "Vitals");
  await enterSet(page, "63");
  await expect(notice(page)).toContainText("3 sets of vital signs wait here to be sent.");
  // Half a set is typed when the network comes back.
  await figure(page, "Pulse").fill("77");

  await line.mend();
  await expect(page.getByRole("status").filter({ hasText: "Sent 3 sets of vital signs" })).toBeVisible();
  expect(await storedPulses(61, 62, 63)).toEqual([61, 62, 63]);
  await expect(notice(page)).toHaveCount(0);
  await expect(figure(page, "Pulse")).toHaveValue("77");
  await openFromWard(page, "ARNOLD, Leah");
  const vitals = await openTab(page, "Vitals");
  await expect(vitals).toContainText("61/min");
  await expect.poll(() => offlineState(page)).toMatchObject({ waiting: 0, attention: 0, session: false });
});

test("a person who was disabled meanwhile is locked out before anything else, and the lock page says so", async () => {
  const app = await start(newHome());
  let page = await app.signInAs("Nurse");
  await ready(page);
  await line.cut();
  await expect(notice(page)).toBeVisible();
  await app.lock();
  page = await app.unlock();
  await openFromWard(page, "ARNOLD, Leah");
  await openTab(page, "Vitals");
  await enterSet(page, "64");
  await expect(notice(page)).toContainText("1 set of vital signs waits here to be sent.");
  await hospital.owner("UPDATE hospital.staff SET disabled_at = clock_timestamp() WHERE username = 'demo_nurse'");
  try {
    const locked = await app.afterReplacement(() => line.mend());
    await expect(locked.getByRole("dialog", { name: "Workstation locked" })).toContainText(
      "the database no longer takes the password that opened this",
    );
    await expect.poll(async () => (await offlineState(locked)).waiting).toBe(0);
    expect(await storedPulses(64)).toEqual([]);
    const { rows } = await hospital.owner(
      "SELECT count(*)::int AS n FROM private.outbox_refusal WHERE reason = 'person-disabled' AND (observations ->> 'pulse')::int = 64",
    );
    expect(rows[0]?.["n"]).toBe(1);
  } finally {
    await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL WHERE username = 'demo_nurse'");
  }
});

test("what was open when the network went away stays, and says what it is worth", async () => {
  const app = await start(newHome());
  const page = await app.signInAs("Nurse");
  await ready(page);
  await openFromWard(page, "ARNOLD, Leah");
  await openTab(page, "Vitals");
  await figure(page, "Pulse").fill("88");
  await line.cut();
  await expect(notice(page)).toContainText(/A copy of the ward as of \d\d:\d\d can be read\./u);
  await expect(figure(page, "Pulse")).toHaveValue("88");
  await enterSet(page, "65");
  await expect(page.getByText("Saved on this workstation, not yet sent").first()).toBeVisible();
  await page.getByRole("button", { name: "To the ward's copy" }).click();
  await expect(wardList(page).getByRole("row").nth(1)).toContainText(/as of \d\d:\d\d/u);
  await line.mend();
  await expect(page.getByRole("status").filter({ hasText: "Sent 1 set of vital signs" })).toBeVisible();
  expect(await storedPulses(65)).toEqual([65]);
});
