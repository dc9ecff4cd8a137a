import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { say } from "../../scripts/lib/command-line";
import { settled } from "../support/ward-page";

const folder = join(import.meta.dirname, "..", "..", "docs", "screens");
mkdirSync(folder, { recursive: true });

/** Keeps what the window shows as docs/screens/NAME.png. */
export async function picture(page: Page, name: string): Promise<void> {
  // Skeletons and spinners give way first; a screen without data is not what we want to show.
  await settled(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  say(`  ${name}.png`);
}
