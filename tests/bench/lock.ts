import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { expect, type Page } from "@playwright/test";
import { isAlive } from "../../electron/database/embedded/processes";
import { derivePasswordKeys } from "../../electron/session/password-keys";
import { say } from "../../scripts/lib/command-line";
import { inkLeft, inkOf, openFramebuffer } from "../support/framebuffer";
import { type Journey, startJourney } from "../support/journey";
import { demoPassword, openFromWard } from "../support/ward-page";

/**
 * Measures the lock on a real screen: from the key to the moment at which the screen shows nothing of the chart, and until the
 * page's process is gone; and from the password to the same caret, with the real Argon2id parameters. `--locks N`, 200 by default.
 */
const { values } = parseArgs({ options: { locks: { type: "string", default: "200" } } });
const locks = Number(values.locks);

/** In the middle of the window: rail and top bar apart, where a chart stands and later the lock page's dialog. */
const middle = { x: 330, y: 180, width: 600, height: 420 };
/** The share of the chart's ink below which nothing of it is on the screen: the next page has letters in some of the same places. */
const LEGIBLE = 0.1;
const unsent = "She slept well, and asks for";
const now = () => performance.timeOrigin + performance.now();
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

function told(name: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  say(
    `${name.padEnd(46)}${[0.5, 0.95, 0.99].map((share) => `${at(share).toFixed(0)} ms`.padStart(10)).join("")}${`${sorted.length}`.padStart(7)}`,
  );
}

/** Locks by the key as the system delivers it; answers when that was, in milliseconds since 1970. */
const pressLockKey = (journey: Journey) =>
  journey.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows().at(-1)?.webContents;
    const at = performance.timeOrigin + performance.now();
    contents?.sendInputEvent({ type: "keyDown", keyCode: "L", modifiers: ["control"] });
    return at;
  });

/** Where the caret is, if it is in what was typed and not sent. */
const caretOf = (page: Page) =>
  page.evaluate((text) => {
    const field = document.activeElement;
    return field instanceof HTMLTextAreaElement && field.value === text ? field.selectionStart : null;
  }, unsent);

const screen = await openFramebuffer();
process.env.DISPLAY = screen.display;
const journey = await startJourney({ empty: true });
try {
  // The real parameters come with the demo hospital as the app itself loads it.
  await (await journey.page()).getByRole("button", { name: "Load demo hospital" }).click({ timeout: 60_000 });
  let page = await journey.signInAs("Nurse");
  await openFromWard(page, "ARNOLD, Leah");
  await page.keyboard.press("Control+j");
  await page.getByRole("textbox", { name: "Message" }).fill(unsent);
  await page.keyboard.press("Home");
  for (let step = 0; step < 9; step += 1) await page.keyboard.press("ArrowRight");

  const opaque: number[] = [];
  const gone: number[] = [];
  const back: number[] = [];
  let lost = 0;
  for (let round = 0; round < locks; round += 1) {
    // The chart is painted and still.
    let before = screen.read(middle, 4);
    await expect
      .poll(async () => {
        const last = before;
        await new Promise((resolve) => setTimeout(resolve, 150));
        before = screen.read(middle, 4);
        return inkOf(before).length > 500 && last.equals(before);
      })
      .toBe(true);
    const ink = inkOf(before);
    const [pid] = await journey.rendererPids();
    const pages = journey.app.windows();
    const pressed = pressLockKey(journey);
    // Read from here on, not from when the driver has answered.
    let blankAt: number | undefined;
    let goneAt: number | undefined;
    const end = now() + 10_000;
    while ((blankAt === undefined || goneAt === undefined) && now() < end) {
      if (blankAt === undefined && inkLeft(before, ink, screen.read(middle, 4)) < LEGIBLE) blankAt = now();
      if (goneAt === undefined && !isAlive(pid as number)) goneAt = now();
      await turn();
    }
    const at = await pressed;
    opaque.push((blankAt ?? Number.POSITIVE_INFINITY) - at);
    gone.push((goneAt ?? Number.POSITIVE_INFINITY) - at);

    const locked = await journey.afterReplacement(async () => undefined, pages);
    await locked.getByRole("textbox", { name: "Password" }).fill(demoPassword);
    const lockPages = journey.app.windows();
    const typed = now();
    page = await journey.afterReplacement(() => locked.keyboard.press("Enter"), lockPages);
    const patience = now() + 20_000;
    while ((await caretOf(page).catch(() => null)) !== 9 && now() < patience) await turn();
    if (now() < patience) back.push(now() - typed);
    else lost += 1;
  }

  const argon: number[] = [];
  const salt = randomBytes(16);
  for (let round = 0; round < 20; round += 1) {
    const began = performance.now();
    await derivePasswordKeys(demoPassword, { salt, memoryKib: 65_536, iterations: 3, parallelism: 1 });
    argon.push(performance.now() - began);
  }
  say(`${"what".padEnd(46)}${["p50", "p95", "p99"].map((name) => name.padStart(10)).join("")}${"times".padStart(7)}`);
  told("key to a screen without the chart", opaque);
  told("key to the page's process gone", gone);
  told("password to the same caret", back);
  told("of that, Argon2id (64 MiB, t = 3)", argon);
  if (lost > 0) say(`The caret did not come back ${lost} times.`);
} finally {
  await journey.close();
  screen.close();
}
