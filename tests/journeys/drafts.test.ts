import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, type Page, test } from "@playwright/test";
import { hardTexts } from "../support/hard-texts";
import { deleteHome, homeWithDemoHospital, type Journey, startJourney } from "../support/journey";
import { heldByMain, onTheDisk } from "../support/kept-drafts";
import { kill, nothingRunsFor, serverProcesses } from "../support/machine";
import { monotonicNow, noteNextWindow } from "../support/main-clock";
import { startModelServer } from "../support/model-server";
import { expectState, message, stateOf, typeAndSelect } from "../support/typing";
import { bridgeCall, chartTab, conversation, openArea, openFromWard, openTab } from "../support/ward-page";

test.skip(process.platform !== "linux", "processes are looked at and killed as Linux does it");

/** Everything that a text box can hold: it turns every line end into one of its own, which is not ours to change. */
const typed = ["accents", "emoji", "right to left", "quotes and braces"].map((name) => hardTexts[name]).join("\n");
/** Milliseconds after which the app gives up on a silent database at the soonest (electron/database/server-pool.ts). */
const SILENT = 8000;
const isBack = (page: Page) => page.getByText("Your unsent text is back", { exact: false });

/** Milliseconds until what is left running after a kill counts as left behind. */
const ENDED = 30_000;

async function writeInAssistant(page: Page, text = typed) {
  await openArea(page, "Assistant");
  return typeAndSelect(message(page), text, 20, 7);
}

/** The main process itself: what the driver started may be a shell round it. */
async function killMain(journey: Journey): Promise<void> {
  const pid = await journey.app.evaluate(() => process.pid);
  const gone = new Promise<void>((resolve) => journey.app.on("close", () => resolve()));
  kill(pid, "SIGKILL");
  await gone;
}

test.describe("what is typed and not sent", () => {
  // One person's text, from test to test.
  test.describe.configure({ mode: "serial" });
  let journey: Journey;
  test.beforeAll(async () => {
    journey = await startJourney();
  });
  test.afterAll(() => journey.close());

  test("is back after a lock: every character, the selection, the keyboard; and can be discarded and had again", async () => {
    let page = await journey.signInAs("Nurse");
    const before = await writeInAssistant(page);
    expect(before.focused && before.end !== before.start).toBe(true);
    await journey.lock();
    page = await journey.unlock();
    await expectState(message(page), before);
    await expect(isBack(page)).toBeVisible();
    await page.getByRole("link", { name: "Discard" }).click();
    await expect(message(page)).toHaveValue("");
    await page.getByRole("link", { name: "Undo" }).click();
    await expect(message(page)).toHaveValue(before.text);
  });

  test("the last key before the lock is there too", async () => {
    let page = await journey.page();
    const text = " and Shift+ArrowLeft says no more, 17 letters later";
    await message(page).focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Control+End");
    for (const letter of text) await page.keyboard.press(letter === " " ? "Space" : letter, { delay: 0 });
    const before = await stateOf(message(page));
    page = await journey.lock().then(() => journey.unlock());
    await expectState(message(page), before);
  });

  test("is back after kill -9 of the page", async () => {
    const page = await journey.page();
    await message(page).focus();
    await page.keyboard.insertText("\nand on");
    const before = await stateOf(message(page));
    await heldByMain(page, before);
    const [pid] = await journey.rendererPids();
    const began = performance.now();
    const again = await journey.afterReplacement(async () => kill(pid as number, "SIGKILL"));
    await expectState(message(again), before);
    const description = (performance.now() - began).toFixed(0);
    test.info().annotations.push({ type: "milliseconds from the kill to the same caret", description });
  });

  test("waits while somebody else is at the workstation, who finds nothing of it", async () => {
    const before = await stateOf(message(await journey.page()));
    let page = await journey.switchTo("Doctor");
    await openArea(page, "Assistant");
    await expect(message(page)).toHaveValue("");
    expect(await bridgeCall(page, "drafts.list", {})).toEqual({
      ok: true,
      value: { drafts: [], sealed: 0, kept: true },
    });
    // A page that asks to keep something in the other's place writes its own.
    const content = { version: 1, fields: { text: "the doctor's" }, caret: null };
    expect(await bridgeCall(page, "drafts.keep", { place: "chat-message|new", content })).toMatchObject({ ok: true });
    page = await journey.switchTo("Nurse");
    await expectState(message(page), before);
    page = await journey.switchTo("Doctor");
    await openArea(page, "Assistant");
    await expect(message(page)).toHaveValue("the doctor's");
    await page.getByRole("link", { name: "Discard" }).click();
    await journey.switchTo("Nurse");
  });

  test("is gone for good once it was sent", async () => {
    let page = await journey.page();
    await message(page).fill("Any allergies for FCE57?");
    await page.keyboard.press("Enter");
    await expect(conversation(page).getByRole("article", { name: "Answer" })).toContainText("Penicillin");
    await expect.poll(() => bridgeCall(page, "drafts.list", {})).toMatchObject({ value: { drafts: [] } });
    page = await journey.lock().then(() => journey.unlock());
    await expect(conversation(page)).toContainText("Penicillin");
    await expect(message(page)).toHaveValue("");
    await expect(isBack(page)).toHaveCount(0);
  });

  test("a title that was being changed is back in its dialog", async () => {
    let page = await journey.page();
    await page
      .getByRole("button", { name: /^Rename /u })
      .first()
      .click();
    const title = () => page.getByRole("dialog", { name: "Rename chat" }).getByRole("textbox", { name: "Title" });
    await title().press("End");
    await page.keyboard.type(", half a tit");
    await page.keyboard.press("ArrowLeft");
    const before = await stateOf(title());
    page = await journey.lock().then(() => journey.unlock());
    await expectState(title(), before);
    await page.keyboard.press("Escape");
    page = await journey.lock().then(() => journey.unlock());
    await expect(conversation(page)).toContainText("Penicillin");
    await expect(page.getByRole("dialog", { name: "Rename chat" })).toHaveCount(0);
  });

  test("a database that hangs neither loses it nor holds it back", async () => {
    let page = await journey.page();
    const server = serverProcesses(journey.home);
    for (const pid of server) kill(pid, "SIGSTOP");
    let before: Awaited<ReturnType<typeof stateOf>>;
    try {
      before = await typeAndSelect(message(page), "typed while nothing answers", 3, 2);
      const windowCameAt = await noteNextWindow(journey.app);
      const began = monotonicNow();
      await journey.lock();
      expect((await windowCameAt()) - began).toBeLessThan(SILENT);
    } finally {
      for (const pid of server) kill(pid, "SIGCONT");
    }
    page = await journey.unlock();
    await expectState(message(page), before);
  });

  test("nothing of it is legible in any file of the home folder but the server's own", async () => {
    const files = readdirSync(journey.home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const ours = files.filter((entry) => !join(entry.parentPath).includes("postgres"));
    expect(ours.some((entry) => entry.parentPath.includes("drafts"))).toBe(true);
    for (const entry of ours) {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      for (const encoding of ["utf8", "utf16le"] as const)
        expect(bytes.includes(Buffer.from("typed while nothing", encoding)), entry.name).toBe(false);
    }
  });
});

test("a reason half written for an admission, and what stands in the tool console, are back on their tabs", async () => {
  const journey = await startJourney();
  try {
    let page = await journey.signInAs("Admin");
    await openArea(page, "Administration");
    const reason = () => page.getByRole("form", { name: "Admit to a bed" }).getByRole("textbox", { name: "Reason" });
    await page.getByRole("textbox", { name: "Patient number" }).fill("FCE57");
    const before = await typeAndSelect(reason(), "Shortness of breath since 04:30, \u05E9\u05DC\u05D5\u05DD", 4, 3);
    page = await journey.lock().then(() => journey.unlock());
    await expectState(reason(), before);
    await expect(page.getByRole("textbox", { name: "Patient number" })).toHaveValue("FCE57");
    // Elsewhere on the screen and back: the same text, and the keyboard stays where the person went.
    await openArea(page, "Shifts");
    await openArea(page, "Administration");
    await expect(reason()).toHaveValue(before.text);
    await expect(reason()).not.toBeFocused();
  } finally {
    await journey.close();
  }
});

test("kill -9 of the app: the next start shows the same screen with the same text, whoever did not type it sees none of it", async () => {
  const home = await homeWithDemoHospital();
  try {
    const first = await startJourney({ home });
    const page = await first.signInAs("Nurse");
    await openFromWard(page, "ARNOLD, Leah");
    await openTab(page, "Medications");
    await page.keyboard.press("Control+j");
    const before = await typeAndSelect(message(page), `${typed}\n${"x".repeat(6000)}`, 30, 9);
    // Text leaves the page with every key, a caret that only moves 40 ms later at the most; then the disk has it.
    await onTheDisk(home, await heldByMain(page, before));
    await killMain(first);
    await nothingRunsFor(home, ENDED);

    const second = await startJourney({ home });
    try {
      const doctor = await second.signInAs("Doctor");
      await doctor.keyboard.press("Control+j");
      await expect(message(doctor)).toHaveValue("");
      const again = await second.switchTo("Nurse");
      await expect(chartTab(again, "Medications")).toHaveAttribute("aria-selected", "true");
      await expectState(message(again), before);
    } finally {
      await second.close();
    }
  } finally {
    deleteHome(home);
  }
});

test.describe("half an answer", () => {
  const words = (count: number) => `word ${count} \u{1F6CF}\uFE0F `;

  /** Asks, and answers with what stands on the screen some moments into the answer. */
  async function askAndRead(page: Page): Promise<string> {
    await openArea(page, "Assistant");
    await message(page).fill("Tell me everything");
    await page.keyboard.press("Enter");
    const answer = conversation(page).getByRole("article", { name: "Answer" });
    await expect(answer).toContainText("word 25");
    return answer.innerText();
  }
  const core = (text: string) => text.match(/word 0[\s\S]*word \d+/u)?.[0] ?? "";

  test("is there again after a lock, as far as it had come, marked incomplete", async () => {
    const server = await startModelServer();
    const journey = await startJourney({ env: { OPENAI_BASE_URL: server.url } });
    try {
      server.play(async (reply) => {
        for (let count = 0; reply.open; count += 1) {
          reply.text(words(count));
          await pause(20);
        }
      });
      const seen = core(await askAndRead(await journey.signInAs("Nurse")));
      await journey.lock();
      const page = await journey.unlock();
      const answer = conversation(page).getByRole("article", { name: "Answer" });
      await expect(answer).toContainText("Incomplete");
      await expect.poll(async () => core(await answer.innerText()).startsWith(seen)).toBe(true);
      expect(seen.length).toBeGreaterThan(200);
    } finally {
      await journey.close();
      await server.close();
    }
  });

  test("is there again after kill -9 of the app, though nothing had saved it yet", async () => {
    const server = await startModelServer();
    const home = await homeWithDemoHospital();
    const env = { OPENAI_BASE_URL: server.url };
    try {
      let written = 0;
      server.play(async (reply) => {
        // Half a second for all of it: the save of every second and a half has not come by then.
        for (let count = 0; count < 30; count += 1) {
          if (count === 25) written = Date.now();
          reply.text(words(count));
          await pause(10);
        }
        while (reply.open) await pause(50);
      });
      const first = await startJourney({ home, env });
      const page = await first.signInAs("Nurse");
      const seen = core(await askAndRead(page));
      await onTheDisk(home, written);
      await killMain(first);
      await nothingRunsFor(home, ENDED);
      const second = await startJourney({ home, env });
      try {
        const again = await second.signInAs("Nurse");
        const answer = conversation(again).getByRole("article", { name: "Answer" });
        await expect(answer).toContainText("Incomplete");
        await expect.poll(async () => core(await answer.innerText()).startsWith(seen)).toBe(true);
        // It is in the chat for good from here on, and tried again like any other.
        await expect(conversation(again).getByRole("button", { name: "Retry" })).toBeVisible();
      } finally {
        await second.close();
      }
    } finally {
      await server.close();
      deleteHome(home);
    }
  });
});
