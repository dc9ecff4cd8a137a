import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { missingScreenPackages } from "../../scripts/lib/screen-programs.mjs";
import { findAccount } from "../installed/account";
import { loadDemoHospital, mainJob, signIn } from "../installed/main-job";
import { commandOf, startApp } from "../installed/running-app";
import { openScreen } from "../installed/screen";
import { withoutNetwork } from "../installed/without-network";
import { type Journey, startJourney } from "../support/journey";
import { processesOf } from "../support/machine";
import { says, startModelServer } from "../support/model-server";
import {
  inWords,
  type NetworkAct,
  processesWatched,
  readActs,
  unwatchable,
  watched,
  wrapper,
} from "../support/network-watch";
import { ask, banner, openArea, openBySearch, openFromWard, openTab } from "../support/ward-page";

const cannot = unwatchable();
const project = join(import.meta.dirname, "..", "..");

/** A fresh folder that the app's account can read; deleted after the test. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-network-"));
  chmodSync(folder, 0o755);
  return folder;
}

/** Playwright starts the app with two debugging ports on this machine, of its own; nothing else of the app listens. */
const isDriver = ({ call, address, port }: NetworkAct) => call === "bind" && address === "127.0.0.1" && port === 0;
const driverPorts = 2;

async function watchedJourney(
  options: { readonly empty?: boolean; readonly env: Readonly<Record<string, string>> },
  act: (journey: Journey) => Promise<void>,
): Promise<{ acts: NetworkAct[]; processes: number }> {
  const folder = newFolder();
  const record = join(folder, "calls");
  try {
    const journey = await startJourney({
      ...options,
      through: (program) => wrapper(folder, watched(record), program),
    });
    try {
      await act(journey);
    } finally {
      await journey.close();
    }
    const acts = readActs(record);
    expect(acts.filter(isDriver).length).toBeLessThanOrEqual(driverPorts);
    return { acts: acts.filter((act) => !isDriver(act)), processes: processesWatched(record) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One round of a shift: every page that asks again by itself, a chart, a question, away and back. */
async function round(journey: Journey, page: Page): Promise<Page> {
  await openFromWard(page, "ARNOLD, Leah");
  await openTab(page, "Vitals");
  await openBySearch(page, "chen", "CHEN, Michael");
  for (const area of ["Ward", "Shifts", "Audit", "Settings", "Ward"]) {
    await openArea(page, area);
    await page.waitForTimeout(300);
  }
  await journey.lock();
  return journey.unlock();
}

test("first start, the demo hospital, the main job and an hour of use, scaled, open no connection at all", async () => {
  test.skip(cannot !== null, `nothing was watched: ${cannot}`);
  test.setTimeout(600_000);
  // The limit is 900 seconds: against 20 an hour of use is 80 seconds.
  const idle = 20;
  const { acts, processes } = await watchedJourney(
    { empty: true, env: { LAMPLIGHT_IDLE_SECONDS: String(idle) } },
    async (journey) => {
      let page = await journey.page();
      await page.getByRole("button", { name: "Load demo hospital" }).click();
      page = await journey.signInAs("Nurse");
      await openFromWard(page, "ARNOLD, Leah");
      await page.keyboard.press("Control+j");
      await expect(await ask(page, "Get medical records for FCE57")).toContainText("not a clinical decision");
      const end = performance.now() + (3600 / 900) * idle * 1000;
      while (performance.now() < end) page = await round(journey, page);
      // She walks away: the page is replaced by the lock without anybody's hand.
      page = await journey.afterReplacement(async () => undefined, [page]);
      await expect(page.getByRole("dialog", { name: "Workstation locked" })).toBeVisible();
      page = await journey.unlock();
      await openFromWard(page, "ARNOLD, Leah");
      await expect(banner(page)).toContainText("FCE57");
      await journey.signOut();
    },
  );
  expect(acts.map(inWords)).toEqual([]);
  // The app, its helpers and the database with its workers: a record of fewer would have missed some.
  expect(processes).toBeGreaterThan(15);
});

test("with a model server the app opens connections to exactly that address", async () => {
  test.skip(cannot !== null, `nothing was watched: ${cannot}`);
  const server = await startModelServer();
  try {
    server.play(says("The chart says so."));
    const { acts } = await watchedJourney(
      { env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: "key-of-a-test" } },
      async (journey) => {
        const page = await journey.signInAs("Nurse");
        await openArea(page, "Assistant");
        await expect(await ask(page, "How is she?")).toContainText("The chart says so.");
      },
    );
    expect(server.requests.length).toBeGreaterThan(0);
    const { hostname, port } = new URL(server.url);
    expect([...new Set(acts.map(({ call, address, port: to }) => `${call} ${address}:${to}`))]).toEqual([
      `connect ${hostname}:${port}`,
    ]);
  } finally {
    await server.close();
  }
});

test("with no network at all, not even the machine's own, the demo works whole", async () => {
  const separated = withoutNetwork();
  const missing = missingScreenPackages();
  test.skip(separated === null, "this system gives us no network namespace");
  test.skip(missing.length > 0, `nobody can use the app from outside: ${missing.join(", ")} not installed`);
  test.setTimeout(600_000);
  const account = process.getuid?.() === 0 ? findAccount("lamplight") : null;
  test.skip(process.getuid?.() === 0 && account === null, "there is no ordinary account to start the app as");
  const folder = newFolder();
  const home = account ? join(account.home, `network-${process.pid}`) : join(folder, "home");
  const screen = await openScreen(account);
  const [program, ...args] = [...(separated as string[]), process.execPath, "scripts/start.mjs"];
  const app = startApp({
    program: program as string,
    args,
    folder: project,
    home,
    display: screen.display,
    account: null,
    env: { LAMPLIGHT_HOME: home },
    output: join(folder, "output"),
    processes: () => processesOf(home).map((pid) => ({ pid, command: commandOf(pid) })),
  });
  try {
    const trial = {
      app,
      screen,
      pictures: test.info().outputPath("screens"),
      step: async (name: string, check: () => unknown) => test.step(name, async () => void (await check())),
    };
    await loadDemoHospital(trial);
    await signIn(trial);
    await mainJob(trial);
    await app.end(() => screen.press("alt+F4"));
    expect(existsSync(join(home, "embedded-server.json"))).toBe(true);
  } finally {
    screen.picture(test.info().outputPath("screens", "last.png"));
    app.kill();
    screen.close();
    for (const path of [folder, home]) rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});
