import { expect, test } from "@playwright/test";
import { nothingFoundInBothSchemes } from "../support/accessibility";
import { typeLikeAReader } from "../support/badge-reader";
import { startJourney } from "../support/journey";
import { databaseOf } from "../support/journey-database";
import { tabTo } from "../support/keyboard";
import { accountPanel, setUpSecondFactor, workspaceOpens } from "../support/second-factor-page";
import { demoPassword } from "../support/ward-page";

const badge = "0099C3D1";
const patience = { timeout: 10_000 };

test("a badge is added in Settings, asks for the code on the lock page, and the rest opens with the password", async () => {
  const journey = await startJourney({ env: { LAMPLIGHT_BADGE_PREFIX: ";" } });
  /** A badge that was held before anybody waited for it was typing, and is held again. */
  const read = (typed: string, seen: () => Promise<void>) =>
    expect(async () => {
      await typeLikeAReader(journey.app, typed);
      await seen();
    }).toPass({ timeout: 60_000 });
  try {
    let page = await journey.signInAs("Nurse");
    const { nextCode } = await setUpSecondFactor(page);
    await accountPanel(page).getByRole("button", { name: "Add badge" }).click();
    const add = page.getByRole("dialog", { name: "Add badge" });
    await add.getByRole("textbox", { name: "Password" }).fill(demoPassword);
    await page.keyboard.press("Enter");
    await expect(add.getByRole("alert")).toContainText("Hold your badge to the reader now.");
    await nothingFoundInBothSchemes(page, "waiting for the badge");
    const yours = accountPanel(page).getByText("The badge is yours.");
    await read(`;${badge}`, () => expect(yours).toBeVisible(patience));
    const database = await databaseOf(journey.home);
    await database.owner(
      "INSERT INTO private.sign_in_rule (role, badge) VALUES ('Nurse', 'with-code') ON CONFLICT (role) DO UPDATE SET badge = 'with-code'",
    );
    await database.close();

    page = await journey.lock();
    const line = page.getByRole("status", { name: "Badge" });
    await expect(line).toContainText("Hold your badge to the reader.");
    await read(";7777AAAA", () => expect(line).toContainText("This badge opens nothing here.", patience));
    await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused();
    await nothingFoundInBothSchemes(page, "an unknown badge");
    const code = page.getByRole("textbox", { name: "One-time code" });
    await read(`;${badge}`, () => expect(code).toBeFocused(patience));
    await expect(line).toContainText("Type the code from your phone.");
    await expect(page.getByRole("button", { name: "Use the password instead" })).toBeVisible();
    await nothingFoundInBothSchemes(page, "badge and code");
    await page.keyboard.type(await nextCode());
    page = await journey.afterReplacement(() => page.keyboard.press("Enter"));

    const notice = page.getByText("Drafts, chats and identity data stay closed until you type your password.");
    await expect(notice).toBeVisible();
    await nothingFoundInBothSchemes(page, "opened by a badge");
    await tabTo(page, page.getByRole("button", { name: "Type password" }));
    await page.keyboard.press("Enter");
    const rest = page.getByRole("dialog", { name: "Open the rest" });
    await expect(rest.getByRole("textbox", { name: "Password" })).toBeFocused();
    await page.keyboard.type("not hers");
    await page.keyboard.press("Enter");
    await expect(rest.getByText("This is not your password.")).toBeVisible();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(demoPassword);
    await page.keyboard.press("Enter");
    await expect(notice).toHaveCount(0);
    await expect(rest).toHaveCount(0);
    const name = await page.getByRole("banner").locator("span").first().innerText();

    // On somebody else's lock page the badge leads to its bearer's own sign-in, and the code into her session.
    await journey.switchTo("Billing");
    await journey.lock();
    page = await journey.afterReplacement(() => typeLikeAReader(journey.app, `;${badge}`));
    await expect(page.getByRole("heading", { name: "Sign in: badge and code" })).toBeVisible();
    await expect(page.getByText(`Badge read: ${name}.`)).toBeVisible();
    await expect(page.getByRole("textbox", { name: "One-time code" })).toBeFocused();
    await nothingFoundInBothSchemes(page, "sign-in by badge and code");
    await page.keyboard.type(await nextCode());
    await page.keyboard.press("Enter");
    await workspaceOpens(page);
    await expect(page.getByRole("banner")).toContainText(name);
  } finally {
    await journey.close();
  }
});
