import { expect, test } from "@playwright/test";
import type {} from "../../renderer/bridge/bridge";
import { type CommandName, commands } from "../../shared/ipc/contract";
import { events } from "../../shared/ipc/events";
import { type Journey, startJourney } from "../support/journey";
import { isAlive, kill, serverProcesses } from "../support/machine";
import { monotonicNow, noteNextWindow, setClockBy } from "../support/main-clock";
import { countInMemory } from "../support/memory";
import { startModelServer } from "../support/model-server";
import {
  ask,
  banner,
  bridgeCall,
  chartTab,
  conversation,
  demoPassword,
  middle,
  openArea,
  openFromWard,
  openTab,
  send,
} from "../support/ward-page";

const locked = { name: "Workstation locked" };
/** Milliseconds after which the app gives up on a silent database at the soonest (electron/database/server-pool.ts). */
const SILENT = 8000;
const secrets = ["ARNOLD", "Leah", "FCE57", "Penicillin", "doxycycline"];

test.describe("the nurse locks the workstation by hand", () => {
  // Each goes on where the one before ended.
  test.describe.configure({ mode: "serial" });
  let journey: Journey;
  test.beforeAll(async () => {
    journey = await startJourney();
  });
  test.afterAll(() => journey.close());

  test("Ctrl+L empties the screen; a wrong password changes nothing; the right one leads back to the same tab", async () => {
    let page = await journey.signInAs("Nurse");
    await openFromWard(page, "ARNOLD, Leah");
    const vitals = await openTab(page, "Vitals");
    await expect(vitals.getByRole("table").first()).toBeVisible();
    const [pid] = await journey.rendererPids();
    const before = countInMemory(pid as number, "FCE57");

    page = await journey.lock();
    await expect.poll(() => isAlive(pid as number), { timeout: 10_000 }).toBe(false);
    const shown = `${await page.locator("body").innerText()} ${await page.title()}`;
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(
      await journey.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.getTitle()),
      ),
    ).toEqual(["Lamplight"]);
    // Where the system lets us read another process, the lock page's memory holds no trace of the patient either.
    const [after] = await journey.rendererPids();
    if (before !== null) {
      expect(before).toBeGreaterThan(0);
      expect(countInMemory(after as number, "FCE57")).toBe(0);
    }

    const password = page.getByRole("textbox", { name: "Password" });
    await expect(password).toBeFocused();
    await password.fill("not her password");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Username or password is wrong.")).toBeVisible();
    await expect(page.getByRole("dialog", locked)).toBeVisible();
    await expect(password).toBeFocused();

    // The wrong password is selected: what is typed next takes its place.
    await page.keyboard.type(demoPassword);
    page = await journey.afterReplacement(() => page.keyboard.press("Enter"));
    await expect(banner(page)).toContainText("Patient No. FCE57");
    await expect(chartTab(page, "Vitals")).toHaveAttribute("aria-selected", "true");
  });

  test("after the button Lock every command of the bridge is refused and the session is told so", async () => {
    const open = await journey.page();
    const page = await journey.afterReplacement(() => open.getByRole("button", { name: "Lock", exact: true }).click());
    await expect(page.getByRole("dialog", locked)).toBeVisible();
    const names = (Object.keys(commands) as CommandName[]).filter((name) => commands[name].session === "active");
    const answers = await page.evaluate(
      async (given) =>
        Promise.all(given.map(async (name) => ({ name, answer: await window.ward.call(name, {} as never) }))),
      names,
    );
    expect(answers.length).toBeGreaterThan(15);
    for (const { name, answer } of answers)
      expect({ name, code: answer.ok ? "answered" : answer.failure.code }).toEqual({ name, code: "LOCKED" });
    await journey.unlock();
  });

  test("Switch user shows the next person nothing of the nurse's, and gives her own place back later", async () => {
    let page = await journey.page();
    await page.keyboard.press("Control+j");
    await ask(page, "Which medicines does FCE57 take?");
    await expect(conversation(page)).toContainText("doxycycline");
    const nurses = await journey.rendererPids();

    page = await journey.switchTo("Billing");
    expect(await journey.rendererPids()).not.toEqual(nurses);
    await expect(page.getByRole("searchbox", { name: "Find patient" })).toBeVisible();
    for (const secret of secrets) expect(await page.locator("body").innerText()).not.toContain(secret);
    await openArea(page, "Assistant");
    await expect(page.getByText("No chats yet")).toBeVisible();
    expect(await bridgeCall(page, "chats.list", {})).toEqual({ ok: true, value: { chats: [] } });
    const [pid] = await journey.rendererPids();
    const left = countInMemory(pid as number, "doxycycline");
    if (left !== null) expect(left).toBe(0);

    page = await journey.switchTo("Nurse");
    await expect(banner(page)).toContainText("Patient No. FCE57");
    await expect(chartTab(page, "Vitals")).toHaveAttribute("aria-selected", "true");
    await expect(conversation(page)).toContainText("doxycycline");
  });

  test("a database that hangs does not hold up the lock", async () => {
    const page = await journey.page();
    const server = serverProcesses(journey.home);
    expect(server.length).toBeGreaterThan(1);
    for (const pid of server) kill(pid, "SIGSTOP");
    try {
      const windowCameAt = await noteNextWindow(journey.app);
      const began = monotonicNow();
      const lockPage = await journey.afterReplacement(() => page.keyboard.press("Control+l"));
      await expect(lockPage.getByRole("dialog", locked)).toBeVisible();
      expect((await windowCameAt()) - began).toBeLessThan(SILENT);
      expect(await bridgeCall(lockPage, "tool.call", { name: "list_ward", arguments: {} })).toMatchObject({
        ok: false,
        failure: { code: "LOCKED" },
      });
    } finally {
      for (const pid of server) kill(pid, "SIGCONT");
    }
    await journey.unlock();
  });

  test("nor does it leave a chart on the screen after signing out", async () => {
    const page = await journey.page();
    const server = serverProcesses(journey.home);
    for (const pid of server) kill(pid, "SIGSTOP");
    try {
      const windowCameAt = await noteNextWindow(journey.app);
      const began = monotonicNow();
      const out = await journey.afterReplacement(() => page.getByRole("button", { name: "Sign out" }).click());
      await expect(out.getByRole("heading", { name: "Sign in" })).toBeVisible();
      expect((await windowCameAt()) - began).toBeLessThan(SILENT);
    } finally {
      for (const pid of server) kill(pid, "SIGCONT");
    }
  });
});

test("it warns before it locks, and the nurse who presses Stay signed in goes on working", async () => {
  // By the clock on the wall, which is moved: the warning comes at four minutes and leaves one to read it, however busy the
  // machine is. That time alone locks is for the tests below.
  const journey = await startJourney({ env: { LAMPLIGHT_IDLE_SECONDS: "300" } });
  try {
    const page = await journey.signInAs("Nurse");
    const warning = page.getByRole("alertdialog", { name: "Locking soon" });
    await setClockBy(journey.app, 241_000);
    await expect(warning).toBeVisible();
    await expect(warning).toContainText(/\d seconds? left/u);
    await expect(warning.getByRole("button", { name: "Stay signed in" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(warning).toBeHidden();
    // A minute beyond the moment at which it would have locked: each answer on the bridge looks at the clocks first.
    await setClockBy(journey.app, 360_000);
    expect(await bridgeCall(page, "session.current", {})).toMatchObject({ ok: true });
    await expect(warning).toBeHidden();
    // And as long again without anybody: the same clock locks.
    await setClockBy(journey.app, 661_000);
    const locks = await journey.afterReplacement(async () => undefined, [page]);
    await expect(locks.getByRole("dialog", locked)).toBeVisible();
  } finally {
    await journey.close();
  }
});

test.describe("nobody is at the workstation", () => {
  // Each goes on where the one before ended.
  test.describe.configure({ mode: "serial" });
  /** Seconds: longer than a starved machine needs between two acts of a test. */
  const LIMIT = 12;
  let journey: Journey;
  test.beforeAll(async () => {
    journey = await startJourney({ env: { LAMPLIGHT_IDLE_SECONDS: String(LIMIT) } });
  });
  test.afterAll(() => journey.close());

  test("typing keeps it awake for longer than the limit", async () => {
    const page = await journey.signInAs("Nurse");
    await middle(page).getByRole("searchbox", { name: "Find patient" }).focus();
    const end = performance.now() + (LIMIT + 2) * 1000;
    while (performance.now() < end) {
      await page.keyboard.press("a");
      await page.waitForTimeout(500);
    }
    await expect(page.getByRole("alertdialog", { name: "Locking soon" })).toBeHidden();
    expect(await bridgeCall(page, "session.current", {})).toMatchObject({ ok: true });
  });

  test("events that a script makes up and calls over the bridge do not keep it awake", async () => {
    const page = await journey.page();
    const windowCameAt = await noteNextWindow(journey.app);
    const began = monotonicNow();
    const lockPage = await journey.afterReplacement(() =>
      page.evaluate(() => {
        setInterval(() => {
          window.dispatchEvent(
            new MouseEvent("mousemove", { bubbles: true, clientX: Math.random() * 500, clientY: 100 }),
          );
          document.body.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "a" }));
          document.body.click();
          void window.ward.call("session.stay", {});
          void window.ward.call("session.current", {});
          void window.ward.call("tool.call", { name: "list_ward", arguments: {} });
        }, 500);
      }),
    );
    await expect(lockPage.getByRole("dialog", locked)).toBeVisible();
    expect((await windowCameAt()) - began).toBeLessThan((LIMIT + 5) * 1000);
    await expect(lockPage.getByText("Locked because nobody used it for a while.")).toBeVisible();
  });

  test("a clock that is set back an hour does not postpone the lock", async () => {
    const page = await journey.unlock();
    await setClockBy(journey.app, -3_600_000);
    // The session goes on meanwhile: only the wall clock is wrong, nobody signed out.
    expect(await bridgeCall(page, "session.current", {})).toMatchObject({ ok: true });
    const lockPage = await journey.afterReplacement(async () => undefined, [page]);
    await expect(lockPage.getByRole("dialog", locked)).toBeVisible();
    await setClockBy(journey.app, 0);
  });
});

test("a streaming answer does not keep an unattended workstation awake, and nothing is pushed after the lock", async () => {
  const server = await startModelServer();
  let sent = 0;
  server.play(async (reply) => {
    while (reply.open) {
      reply.text(`word ${sent++} `);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const journey = await startJourney({ env: { LAMPLIGHT_IDLE_SECONDS: "12", OPENAI_BASE_URL: server.url } });
  try {
    const page = await journey.signInAs("Nurse");
    await openArea(page, "Assistant");
    await send(page, "Tell me everything");
    await expect(conversation(page)).toContainText("word 3");
    const lockPage = await journey.afterReplacement(async () => undefined, [page]);
    await expect(lockPage.getByRole("dialog", locked)).toBeVisible();
    const heard = await lockPage.evaluate(
      (names) =>
        new Promise<unknown[]>((resolve) => {
          const pushed: unknown[] = [];
          for (const name of names) window.ward.on(name, (payload) => pushed.push([name, payload]));
          setTimeout(() => resolve(pushed), 1000);
        }),
      Object.keys(events) as (keyof typeof events)[],
    );
    expect(heard).toEqual([]);
    // The model was hung up on.
    const stands = async () => {
      const before = sent;
      await lockPage.waitForTimeout(300);
      return sent === before;
    };
    await expect.poll(stands).toBe(true);

    const back = await journey.unlock();
    await expect(conversation(back)).toContainText("word 3");
    await expect(conversation(back)).toContainText("Incomplete");
  } finally {
    await journey.close();
    await server.close();
  }
});
