import { expect, type Locator, type Page } from "@playwright/test";
import { type NextCode, openAuthenticator } from "./authenticator";
import { demoPassword, openArea, patience } from "./ward-page";

/** What a person does about their own account and at the sign-in page, by the names that the screens promise. */
export function accountPanel(page: Page): Locator {
  return page.getByRole("region", { name: "Sign-in and security" });
}

export async function fillCredentials(page: Page, username: string, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Username" }).fill(username);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export async function workspaceOpens(page: Page): Promise<void> {
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible({ timeout: patience });
}

/** Reads the key that stands beside the QR code, as a person would type it into an app. */
export async function authenticatorOn(page: Page): Promise<NextCode> {
  const setup = page.getByRole("form", { name: "Set up the second factor" });
  await expect(setup.getByRole("img", { name: /^QR code for your authenticator app/u })).toBeVisible();
  const shown = await setup.locator("code").innerText();
  expect(shown).toMatch(/^(?:[A-Z2-7]{4} ?)+$/u);
  return openAuthenticator(shown);
}

/** The codes that are on the screen. */
export async function recoveryCodesOf(page: Page): Promise<string[]> {
  const items = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(items).toHaveCount(10);
  const codes = await items.allInnerTexts();
  expect(new Set(codes).size).toBe(10);
  return codes;
}

export interface OwnFactor {
  readonly nextCode: NextCode;
  readonly recoveryCodes: string[];
}

/** In Settings: password, key, first code, recovery codes. */
export async function setUpSecondFactor(page: Page): Promise<OwnFactor> {
  await openArea(page, "Settings");
  await accountPanel(page).getByRole("button", { name: "Set up second factor" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up second factor" });
  await dialog.getByRole("textbox", { name: "Password" }).fill(demoPassword);
  await dialog.getByRole("button", { name: "Next" }).click();
  return confirmFactor(page, "The second factor is on.");
}

/** The same for another authenticator in the place of the first, with a recovery code of that. */
export async function replaceAuthenticator(page: Page, recoveryCode: string): Promise<OwnFactor> {
  await accountPanel(page).getByRole("button", { name: "Replace authenticator" }).click();
  const dialog = page.getByRole("dialog", { name: "Replace authenticator" });
  await dialog.getByRole("textbox", { name: "Password" }).fill(demoPassword);
  await expect(dialog.getByRole("button", { name: "Next" })).toBeDisabled();
  await dialog.getByRole("button", { name: "Use a recovery code instead" }).click();
  await dialog.getByRole("textbox", { name: "Recovery code" }).fill(recoveryCode);
  await dialog.getByRole("button", { name: "Next" }).click();
  return confirmFactor(page, "The new authenticator counts now.");
}

async function confirmFactor(page: Page, said: string): Promise<OwnFactor> {
  const nextCode = await authenticatorOn(page);
  await page.getByRole("textbox", { name: "One-time code" }).fill(await nextCode());
  await page.getByRole("button", { name: "Confirm code" }).click();
  await expect(page.getByRole("alertdialog", { name: "Keep your recovery codes" })).toBeVisible();
  const recoveryCodes = await recoveryCodesOf(page);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(accountPanel(page).getByRole("status").filter({ hasText: said })).toBeVisible();
  return { nextCode, recoveryCodes };
}
