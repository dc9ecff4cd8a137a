import { expect } from "@playwright/test";
import type { Journey } from "../support/journey";
import { picture } from "./picture";

/** A new machine, before anything was chosen. */
export async function firstStart(journey: Journey): Promise<void> {
  const page = await journey.page();
  await expect(page.getByRole("heading", { name: "First start" })).toBeVisible({ timeout: 30_000 });
  await picture(page, "first-start");
  await page.getByRole("button", { name: "Connect to the hospital's database" }).click();
  await page
    .getByRole("textbox", { name: "Database address" })
    .fill("postgresql://lamplight_app@127.0.0.1:9/lamplight");
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("list", { name: "Connection test" })).toContainText("Failed", { timeout: 15_000 });
  await picture(page, "connection-test");
}
