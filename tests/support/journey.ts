import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElectronApplication, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Role } from "../../shared/access/roles";
import { cloneCluster, templateHome } from "./cluster";
import { demoTemplate } from "./hospital";
import { type LaunchedApp, launchApp } from "./launch-app";
import { demoPassword, patience } from "./ward-page";

/** Milliseconds until a database, or a window, that does not come is given up. */
const STARTS = 120_000;

/** The real app on a copy of the demo hospital, at its sign-in page. */
export interface Journey {
  readonly app: ElectronApplication;
  readonly home: string;
  readonly sandboxed: boolean;
  /** The window that is open now; locking and unlocking replace it. */
  page(): Promise<Page>;
  /**
   * Does something that replaces the window and answers the new one: the one that is not among `before`, those of now. Who
   * waits for a lock that comes by itself names the page that they were on: it may have come while they were looking at it.
   */
  afterReplacement(act: () => Promise<unknown>, before?: readonly Page[]): Promise<Page>;
  /** One press on the demo account of a role, until the workspace is there. */
  signInAs(role: Role): Promise<Page>;
  /** Locks by the key and answers the lock page. */
  lock(): Promise<Page>;
  /** From the lock page, with the demo password, back to the workspace. */
  unlock(): Promise<Page>;
  /** Locks, lets somebody else sign in and answers their workspace. */
  switchTo(role: Role): Promise<Page>;
  signOut(): Promise<Page>;
  /** Process ids of all pages. */
  rendererPids(): Promise<number[]>;
  close(): Promise<void>;
}

export interface JourneyOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A home folder of an earlier journey, to start the app a second time. */
  readonly home?: string;
  /** Keep the home folder when it closes. */
  readonly keep?: boolean;
  /** A home folder with nothing in it, as on a new machine. */
  readonly empty?: boolean;
  readonly through?: (program: string) => string;
}

export function ownedByTheApp(home: string): void {
  // launchApp runs the app as the account `lamplight` where it can; that account must own what it is to open.
  if (process.getuid?.() !== 0) return;
  const account = spawnSync("id", ["-u", "lamplight"], { encoding: "utf8" });
  if (account.status === 0) spawnSync("chown", ["-R", "lamplight:", home]);
}

/** A home folder with the demo hospital of today in it. The caller deletes it. */
export async function homeWithDemoHospital(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "lamplight-journey-"));
  cloneCluster(await templateHome(demoTemplate), home);
  ownedByTheApp(home);
  return home;
}

export function deleteHome(home: string): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

async function homeFor(options: JourneyOptions): Promise<string> {
  if (options.home) return options.home;
  return options.empty ? mkdtempSync(join(tmpdir(), "lamplight-journey-")) : homeWithDemoHospital();
}

export async function startJourney(options: JourneyOptions = {}): Promise<Journey> {
  const home = await homeFor(options);
  const launched: LaunchedApp = await launchApp({
    home,
    ...(options.env ? { env: options.env } : {}),
    ...(options.through ? { through: options.through } : {}),
  });
  const { app } = launched;

  const openPages = () => app.windows().filter((candidate) => !candidate.isClosed());

  async function page(): Promise<Page> {
    return openPages().at(-1) ?? app.waitForEvent("window", { timeout: STARTS });
  }

  /** A page that is not among these, or undefined when none comes in time. The event may have come before anybody listened. */
  async function newPage(before: readonly Page[], within: number): Promise<Page | undefined> {
    const end = performance.now() + within;
    while (performance.now() < end) {
      const found = openPages().findLast((candidate) => !before.includes(candidate));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return undefined;
  }

  async function afterReplacement(act: () => Promise<unknown>, before: readonly Page[] = app.windows()): Promise<Page> {
    // The page that acted is destroyed under the driver's hands; that is the point. Its answer may never come, because the
    // process that owed it is gone: the new window is the answer.
    void act().catch(() => undefined);
    const opened = await newPage(before, STARTS);
    if (!opened) throw new Error("No new window came.");
    await opened.waitForLoadState();
    return opened;
  }

  async function signInAs(role: Role): Promise<Page> {
    const opened = await page();
    const account = opened.getByRole("group", { name: "Demo accounts" }).getByRole("button", { name: role });
    await account.click({ timeout: STARTS }).catch(async (cause: unknown) => {
      const shown = await opened.locator("body").innerText({ timeout: 5000 }).catch(String);
      throw new Error(`No demo account of ${role} at ${opened.url()}, which shows: ${shown}`, { cause });
    });
    await expect(opened.getByRole("navigation", { name: "Main" })).toBeVisible({ timeout: patience });
    return opened;
  }

  async function lock(): Promise<Page> {
    const before = app.windows();
    const open = await page();
    const dialog = (of: Page) => of.getByRole("dialog", { name: "Workstation locked" });
    // Nobody used it for a while, and it locked by itself.
    if (
      await dialog(open)
        .isVisible()
        .catch(() => true)
    )
      return shown(await page());
    for (let pressed = 0; pressed < 3; pressed += 1) {
      void open.keyboard.press("Control+l").catch(() => undefined);
      const locked = await newPage(before, 15_000);
      if (locked) return shown(locked);
      if (
        await dialog(await page())
          .isVisible()
          .catch(() => false)
      )
        break;
      // A key that reached no window is pressed again, as a person would; where the window is gone none will help.
      if (open.isClosed()) break;
    }
    return shown(await page());

    async function shown(locked: Page): Promise<Page> {
      await locked.waitForLoadState();
      await expect(dialog(locked)).toBeVisible({ timeout: patience });
      return locked;
    }
  }

  return {
    app,
    home,
    sandboxed: launched.sandboxed,
    page,
    afterReplacement,
    signInAs,
    lock,
    async unlock() {
      const locked = await page();
      await locked.getByRole("textbox", { name: "Password" }).fill(demoPassword);
      const opened = await afterReplacement(() => locked.getByRole("button", { name: "Unlock" }).click());
      // A dialog that came back with its person hides the rest of the page from assistive technology, not from the eye.
      await expect(opened.getByRole("navigation", { name: "Main", includeHidden: true })).toBeVisible({
        timeout: patience,
      });
      return opened;
    },
    async switchTo(role) {
      const locked = await lock();
      await afterReplacement(() => locked.getByRole("button", { name: "Switch user" }).click());
      return signInAs(role);
    },
    async signOut() {
      const open = await page();
      const out = await afterReplacement(() => open.getByRole("button", { name: "Sign out" }).click());
      await expect(out.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: patience });
      return out;
    },
    rendererPids: () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.webContents.getOSProcessId()),
      ),
    async close() {
      await launched.close();
      if (!options.keep && !options.home) deleteHome(home);
    },
  };
}
