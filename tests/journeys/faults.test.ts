import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { deleteHome, homeWithDemoHospital, type Journey, startJourney } from "../support/journey";
import { runToItsEnd } from "../support/launch-app";
import { isAlive, kill, nothingRunsFor, postmasterOf, serverProcesses } from "../support/machine";
import {
  ask,
  banner,
  bridgeCall,
  conversation,
  demoPassword,
  openArea,
  openBySearch,
  openFromWard,
  settled,
} from "../support/ward-page";

test.skip(process.platform !== "linux", "processes are looked at and killed as Linux does it");

/** Milliseconds until what is left running after a kill counts as left behind. */
const ENDED = 30_000;

async function endMain(journey: Journey, signal: NodeJS.Signals): Promise<void> {
  // The process itself: what the driver started may be a shell round it.
  const pid = await journey.app.evaluate(() => process.pid);
  const gone = new Promise<void>((resolve) => journey.app.on("close", () => resolve()));
  kill(pid, signal);
  await gone;
}

async function verifyChain(page: Page): Promise<void> {
  await openArea(page, "Audit");
  await page.getByRole("button", { name: "Verify chain" }).click();
  await expect(page.getByRole("status", { name: "Chain" })).toContainText(/intact|nothing was/iu);
  const answer = await bridgeCall(page, "tool.call", { name: "verify_audit_chain", arguments: {} });
  expect(answer).toMatchObject({ ok: true, value: { intact: true, faults: [] } });
}

test("kill -9 of the app during use: nothing is left running, and nothing that was acknowledged is lost", async () => {
  const home = await homeWithDemoHospital();
  try {
    const first = await startJourney({ home });
    let page = await first.signInAs("Admin");
    const beds = await bridgeCall(page, "beds.free", {});
    const bed = beds.ok ? beds.value.beds.find((free) => free.ward === "5A") : undefined;
    if (!bed) throw new Error("The demo hospital has no free bed on 5A.");
    // V3LRN is Oliver Vance, who is at home.
    const admission = {
      submission: randomUUID(),
      patient_id: "V3LRN",
      ward: bed.ward,
      bed: bed.bed,
      reason: "Headache",
    };
    expect(await bridgeCall(page, "patients.admit", admission)).toMatchObject({ ok: true });
    page = await first.switchTo("Nurse");
    await openArea(page, "Assistant");
    const answer = await ask(page, "Any allergies for FCE57?");
    await expect(answer).toContainText("Penicillin");
    await endMain(first, "SIGKILL");
    await nothingRunsFor(home, ENDED);

    const second = await startJourney({ home });
    try {
      page = await second.signInAs("Nurse");
      await openFromWard(page, "VANCE, Oliver");
      await expect(banner(page)).toContainText(`bed ${bed.bed}`);
      await openArea(page, "Assistant");
      await page.getByRole("list", { name: "Chats" }).getByRole("button").first().click();
      await expect(conversation(page)).toContainText("Any allergies for FCE57?");
      await expect(conversation(page)).toContainText("Penicillin");
      page = await second.switchTo("Auditor");
      await verifyChain(page);
    } finally {
      await second.close();
    }
    await nothingRunsFor(home, ENDED);
  } finally {
    deleteHome(home);
  }
});

test("kill -9 of the app in the middle of an answer leaves a chat that opens and can be asked again", async () => {
  const home = await homeWithDemoHospital();
  try {
    const first = await startJourney({ home });
    const page = await first.signInAs("Nurse");
    await openArea(page, "Assistant");
    await page.getByRole("textbox", { name: "Message" }).fill("Get medical records for FCE57");
    await page.getByRole("button", { name: "Send" }).click();
    await expect(conversation(page).getByRole("group", { name: "Tool call get_medical_records" })).toBeVisible();
    await endMain(first, "SIGKILL");
    const second = await startJourney({ home });
    try {
      const again = await second.signInAs("Nurse");
      await openArea(again, "Assistant");
      await again.getByRole("list", { name: "Chats" }).getByRole("button").first().click();
      await expect(conversation(again)).toContainText("Get medical records for FCE57");
      // Whole, or half and to be asked again: it depends on how far it had come.
      const retry = conversation(again).getByRole("button", { name: "Retry" });
      await expect(retry.or(conversation(again).getByText("not a clinical decision")).first()).toBeVisible();
      await settled(again);
      if (await retry.isVisible()) await retry.click();
      await expect(retry).toHaveCount(0);
      await expect(conversation(again)).toContainText("not a clinical decision");
    } finally {
      await second.close();
    }
  } finally {
    deleteHome(home);
  }
});

test.describe("while a nurse works", () => {
  // Each goes on where the one before ended.
  test.describe.configure({ mode: "serial" });
  let journey: Journey;
  test.beforeAll(async () => {
    journey = await startJourney();
    await journey.signInAs("Nurse");
  });
  test.afterAll(() => journey.close());

  test("kill -9 of PostgreSQL is said clearly, comes back by itself, and the nurse works on in the same session", async () => {
    const page = await journey.page();
    await openFromWard(page, "ARNOLD, Leah");
    await settled(page);
    await page.evaluate(() => {
      const seen: string[] = [];
      new MutationObserver(() => seen.push(document.body.innerText)).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      Object.assign(window, { seen });
    });
    const seen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    // Back by itself: no press, no restart, nobody signed out, the chart still open. Often sooner than a test can look, and
    // where the page was starved meanwhile, sooner than it could draw: then it happens once more.
    await expect(async () => {
      const pid = postmasterOf(journey.home);
      expect(pid).not.toBeNull();
      kill(pid as number, "SIGKILL");
      await expect.poll(() => postmasterOf(journey.home) ?? pid).not.toBe(pid);
      await expect
        .poll(async () => (await seen()).some((text) => text.includes("the database does not answer")), {
          timeout: 10_000,
        })
        .toBe(true);
    }).toPass({ timeout: 120_000 });
    await expect(page.getByText("the database does not answer")).toHaveCount(0);
    expect((await seen()).every((text) => text.includes("Patient No. FCE57"))).toBe(true);
    await expect(banner(page)).toContainText("Patient No. FCE57");
    await openFromWard(page, "CHEN, Michael");
    await expect(banner(page)).toContainText("Patient No. 6VCB8");
  });

  test("kill -9 of a page brings the window back where it was, without another sign-in", async () => {
    const [pid] = await journey.rendererPids();
    const began = performance.now();
    const page = await journey.afterReplacement(async () => kill(pid as number, "SIGKILL"));
    await expect(banner(page)).toContainText("Patient No. 6VCB8");
    const description = (performance.now() - began).toFixed(0);
    test.info().annotations.push({ type: "milliseconds from the kill to the same chart", description });
    await expect.poll(() => isAlive(pid as number)).toBe(false);
  });

  test("a second start with the same home shows the first window and ends", async () => {
    await journey.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const second = await runToItsEnd({ home: journey.home });
    expect(second.status).not.toBe(0);
    expect(second.said).toContain("already running");
    await expect
      .poll(() =>
        journey.app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows().map((window) => window.isMinimized()),
        ),
      )
      .toEqual([false]);
    expect(await bridgeCall(await journey.page(), "session.current", {})).toMatchObject({ ok: true });
  });
});

test.describe("a bad environment", () => {
  let home: string;
  test.beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "lamplight-journey-"));
    chmodSync(home, 0o777);
  });
  test.afterAll(() => rmSync(home, { recursive: true, force: true }));

  for (const [name, value, says] of [
    ["LAMPLIGHT_IDLE_SECONDS", "1000", "LAMPLIGHT_IDLE_SECONDS must be a whole number of seconds between 3 and 900."],
    ["LAMPLIGHT_DEMO", "yes", "LAMPLIGHT_DEMO must be 1 or 0."],
    ["OPENAI_BASE_URL", "http://models.example.org/v1", "OPENAI_BASE_URL must use https, except on this machine."],
    ["DATABASE_URL", "mysql://u:secret@host/db", "DATABASE_URL must begin with postgresql://."],
  ] as const) {
    test(`${name} stops the start with one line that names it`, async () => {
      const { status, said } = await runToItsEnd({ home, env: { [name]: value } });
      expect(status).toBe(1);
      const lines = said.split("\n").filter((line) => line.includes("Lamplight"));
      expect(lines).toEqual([`Lamplight cannot start: ${says}`]);
      expect(said).not.toContain("secret");
      expect(said).not.toMatch(/\n\s+at /u);
    });
  }
});

test("LAMPLIGHT_DEMO=1 fills an empty home by itself, once", async () => {
  const home = mkdtempSync(join(tmpdir(), "lamplight-journey-"));
  try {
    const first = await startJourney({ home, env: { LAMPLIGHT_DEMO: "1" } });
    let page = await first.page();
    await expect(page.getByRole("group", { name: "Demo accounts" })).toBeVisible();
    page = await first.signInAs("Admin");
    const found = await bridgeCall(page, "tool.call", { name: "find_patients", arguments: { query: "arnold" } });
    expect(found).toMatchObject({ ok: true, value: { patients: [{ patient_id: "FCE57" }] } });
    await first.close();
    await nothingRunsFor(home, ENDED);
    const second = await startJourney({ home, env: { LAMPLIGHT_DEMO: "1" } });
    try {
      page = await second.signInAs("Admin");
      expect(await bridgeCall(page, "tool.call", { name: "find_patients", arguments: { query: "arnold" } })).toEqual(
        found,
      );
    } finally {
      await second.close();
    }
  } finally {
    deleteHome(home);
  }
});

test("the first start offers the demo hospital, and the keyboard alone loads it and signs in", async () => {
  const journey = await startJourney({ empty: true });
  try {
    const page = await journey.page();
    const load = page.getByRole("button", { name: "Load demo hospital" });
    await expect(load).toBeVisible();
    await expect(page.getByRole("group", { name: "Demo accounts" })).toHaveCount(0);
    await page.keyboard.press("Tab");
    await expect(load).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Username" })).toBeFocused();
    await page.keyboard.type("demo_admin");
    await page.keyboard.press("Tab");
    await page.keyboard.type(demoPassword);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
    expect(await bridgeCall(page, "hospital.loadDemo", {})).toMatchObject({
      ok: false,
      failure: { code: "ALREADY_LOADED" },
    });
    await openBySearch(page, "FCE57", "ARNOLD, Leah");
  } finally {
    await journey.close();
    deleteHome(journey.home);
  }
});

test("a page that opens while the database hangs goes on by itself when it answers again", async () => {
  const journey = await startJourney();
  try {
    const page = await journey.signInAs("Nurse");
    const server = serverProcesses(journey.home);
    for (const pid of server) kill(pid, "SIGSTOP");
    try {
      await page.reload();
      await expect(page.getByRole("heading", { name: "Starting" })).toBeVisible();
      await expect(page.getByRole("main")).toContainText("The database does not answer");
    } finally {
      for (const pid of server) kill(pid, "SIGCONT");
    }
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  } finally {
    await journey.close();
  }
});
