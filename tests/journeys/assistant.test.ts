import { expect, type Page, test } from "@playwright/test";
import { deleteHome, homeWithDemoHospital, type Journey, startJourney } from "../support/journey";
import { ask, banner, bridgeCall, chartTab, conversation, openArea, openFromWard, send } from "../support/ward-page";

const chats = (page: Page) => page.getByRole("list", { name: "Chats" });

test.describe("the offline assistant", () => {
  // Later ones find the chats of earlier ones.
  test.describe.configure({ mode: "serial" });
  let home: string;
  let journey: Journey;
  test.beforeAll(async () => {
    home = await homeWithDemoHospital();
    journey = await startJourney({ home });
    await journey.signInAs("Nurse");
  });
  test.afterAll(async () => {
    await journey.close();
    deleteHome(home);
  });

  test("answers a nurse's everyday questions from the chart and says that it is not a language model", async () => {
    const page = await journey.page();
    await openArea(page, "Assistant");
    await expect(conversation(page)).toContainText("It is not a language model.");
    await page.getByRole("button", { name: "New chat", exact: true }).click();
    for (const [question, tool, words] of [
      ["Any allergies for Leah Arnold?", "get_allergies", /Penicillin/u],
      ["Which medicines does she take?", "get_medications", /doxycycline/u],
      ["What is the blood pressure of Michael Chen?", "get_vital_signs", /\d+\s?\/\s?\d+/u],
      ["Who is on my ward?", "list_ward", /ARNOLD/u],
      ["When is my next shift?", "get_my_shifts", /5A/u],
    ] as const) {
      const answer = await ask(page, question);
      await expect(answer, question).toContainText(words);
      await expect(answer.getByRole("group", { name: `Tool call ${tool}` }), question).not.toHaveCount(0);
      await expect(answer, question).toContainText("Offline assistant, this machine.");
    }
  });

  test("a link in an answer opens the item in the chart, with the answer beside it", async () => {
    const page = await journey.page();
    await page.getByRole("button", { name: "New chat", exact: true }).click();
    const answer = await ask(page, "Get medical records for FCE57");
    const link = answer.getByRole("link").filter({ hasText: /X-ray/u }).first();
    await link.click();
    await expect(banner(page)).toContainText("Patient No. FCE57");
    await expect(chartTab(page, "Records")).toHaveAttribute("aria-selected", "true");
    await expect(page.locator("[data-highlighted]")).toContainText("Chest X-ray");
    await expect(conversation(page)).toHaveCount(1);
    await expect(conversation(page)).toContainText("Get medical records for FCE57");
  });

  test("Stop ends an answer at once and leaves what there is, marked, with a way to ask again", async () => {
    const page = await journey.page();
    await openArea(page, "Assistant");
    const incomplete = conversation(page).getByText("Incomplete: the answer was stopped or broke off");
    const over = conversation(page).getByText("not a clinical decision");
    await expect(async () => {
      await page.getByRole("button", { name: "New chat", exact: true }).click();
      // The answer takes a second: a person is quicker to press than a driver, so the page presses for us.
      await page.evaluate(() => {
        const watch = new MutationObserver(() => {
          const log = document.querySelector("[role=log]");
          const stop = [...document.querySelectorAll("button")].find((button) => button.textContent?.trim() === "Stop");
          if (!log?.textContent?.includes("4 records") || !stop) return;
          watch.disconnect();
          stop.click();
        });
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
      });
      await send(page, "Get medical records for FCE57");
      await expect(incomplete.or(over).first()).toBeVisible();
      // A page that was starved for the second gets the answer whole: nothing is left to stop, and it is asked anew.
      await expect(incomplete).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 120_000 });
    await expect(page.getByRole("button", { name: "Stop" })).toBeHidden();
    await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
    await conversation(page).getByRole("button", { name: "Retry" }).click();
    await expect(conversation(page)).toContainText("not a clinical decision");
    await expect(conversation(page).getByText("Incomplete")).toHaveCount(0);
  });

  test("a chat gets a title, is renamed, survives a restart of the app, and is deleted for good", async () => {
    let page = await journey.page();
    await openArea(page, "Assistant");
    await expect(chats(page)).toContainText("Medical Records: FCE57");
    await page.getByRole("button", { name: "Rename Medical Records: FCE57" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Rename chat" });
    await dialog.getByRole("textbox", { name: "Title" }).fill("Leah before the round");
    await page.keyboard.press("Enter");
    await expect(chats(page)).toContainText("Leah before the round");

    await journey.close();
    journey = await startJourney({ home });
    page = await journey.signInAs("Nurse");
    await openArea(page, "Assistant");
    await chats(page)
      .getByRole("button", { name: /^Leah before the round/u })
      .click();
    await expect(conversation(page)).toContainText("Chest X-ray");
    await expect(conversation(page).getByRole("group", { name: "Tool call get_medical_records" })).toHaveCount(1);

    await page.getByRole("button", { name: "Delete Leah before the round" }).click();
    await page.getByRole("alertdialog", { name: "Delete chat" }).getByRole("button", { name: "Delete" }).click();
    await expect(chats(page)).not.toContainText("Leah before the round");
    await expect(conversation(page)).not.toContainText("Chest X-ray");
  });

  test("what the role may not see is refused by the tool, with the role named", async () => {
    const page = await journey.switchTo("Reception");
    await openArea(page, "Assistant");
    const answer = await ask(page, "Get medical records for FCE57");
    await expect(answer).toContainText("Reception");
    const call = answer.getByRole("group", { name: "Tool call get_medical_records" });
    await expect(call).toContainText("denied");
    await call.getByRole("button").click();
    await expect(call).toContainText("RBAC_DENIED");
    await expect(call).toContainText("Your role (Reception)");
    await expect(answer).not.toContainText("X-ray");
    expect(await bridgeCall(page, "chats.list", {})).toMatchObject({ ok: true, value: { chats: [{}] } });
    await openFromWard(page, "ARNOLD, Leah");
  });
});
