import { expect, type Page, test } from "@playwright/test";
import { nothingFound } from "../support/accessibility";
import { type Journey, startJourney } from "../support/journey";
import { setClockBy } from "../support/main-clock";
import { startModelServer } from "../support/model-server";
import { ask, chartTabNames, openArea, openBySearch, openFromWard, openTab, send } from "../support/ward-page";

let journey: Journey;
test.afterEach(() => journey?.close());

for (const scheme of ["light", "dark"] as const) {
  test(`in ${scheme} colours axe finds nothing on any screen`, async () => {
    journey = await startJourney();
    // Names and structure are the same in any colours; they are judged once.
    const check = (page: Page, screen: string) => nothingFound(page, screen, scheme === "light" ? "all" : "contrast");
    /** A window that was just opened, in the colours of this run. */
    const inScheme = async (page: Page): Promise<Page> => {
      await page.emulateMedia({ colorScheme: scheme });
      return page;
    };

    await test.step("the sign-in page, with and without its message", async () => {
      const page = await inScheme(await journey.page());
      await expect(page.getByRole("group", { name: "Demo accounts" })).toBeVisible();
      await check(page, "sign-in");
      await page.getByRole("textbox", { name: "Username" }).fill("demo_nurse");
      await page.getByRole("textbox", { name: "Password" }).fill("wrong");
      await page.keyboard.press("Enter");
      await expect(page.getByText("Username or password is wrong.")).toBeVisible();
      await check(page, "sign-in refused");
    });

    await test.step("the ward, the palette and the keys", async () => {
      const page = await inScheme(await journey.signInAs("Nurse"));
      await expect(page.getByRole("table", { name: "Ward list" })).toContainText("FCE57");
      await check(page, "ward");
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Patient, place or act" }).fill("chen");
      await expect(page.getByRole("option", { name: /CHEN, Michael/u })).toBeVisible();
      await check(page, "palette");
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
      await check(page, "keys");
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    });

    await test.step("every tab of a chart, the trend as a table, and the assistant beside it", async () => {
      const page = await journey.page();
      await openFromWard(page, "ARNOLD, Leah");
      for (const tab of chartTabNames) {
        await openTab(page, tab);
        await check(page, tab);
      }
      await openTab(page, "Vitals");
      await page.getByRole("button", { name: "Show as table" }).click();
      await check(page, "trend as table");
      await page.keyboard.press("Control+j");
      await ask(page, "Get medical records for FCE57");
      await page.getByRole("group", { name: "Tool call get_medical_records" }).getByRole("button").click();
      await check(page, "dock");
      await page.keyboard.press("Control+j");
    });

    await test.step("patient search, assistant with its dialogs, shifts, audit and settings", async () => {
      const page = await journey.page();
      await openBySearch(page, "arn", "ARNOLD, Leah");
      await openArea(page, "Patients");
      await check(page, "patients");
      await page.getByRole("searchbox", { name: "Find patient" }).fill("zzzz");
      await expect(page.getByText("Nobody found")).toBeVisible();
      await check(page, "nobody found");
      await openArea(page, "Assistant");
      await check(page, "assistant");
      await page
        .getByRole("button", { name: /^Rename /u })
        .first()
        .click();
      await check(page, "rename");
      await page.keyboard.press("Escape");
      await page
        .getByRole("button", { name: /^Delete /u })
        .first()
        .click();
      await check(page, "delete");
      await page.keyboard.press("Escape");
      for (const area of ["Shifts", "Audit", "Settings"]) {
        await openArea(page, area);
        await check(page, area);
      }
      await page.getByRole("combobox", { name: "Tool" }).selectOption("get_allergies");
      await page.getByRole("textbox", { name: /patient_id/u }).fill("FCE57");
      await page.getByRole("button", { name: "Call tool" }).click();
      await expect(page.getByRole("region", { name: "Response" })).toContainText("Penicillin");
      await check(page, "tool console");
    });

    await test.step("the lock page", async () => {
      const page = await inScheme(await journey.lock());
      await check(page, "lock");
      await page.getByRole("textbox", { name: "Password" }).fill("wrong");
      await page.keyboard.press("Enter");
      await expect(page.getByText("Username or password is wrong.")).toBeVisible();
      await check(page, "lock refused");
      await journey.unlock();
    });

    await test.step("what a role may not see, the reveal dialog, the whole audit and the administration", async () => {
      let page = await inScheme(await journey.switchTo("Doctor"));
      await openFromWard(page, "CHEN, Michael");
      await openTab(page, "Identity");
      await page.getByRole("button", { name: "Reveal Social security number" }).click();
      await expect(page.getByRole("dialog", { name: "Reveal" })).toBeVisible();
      await check(page, "reveal");
      await page.keyboard.press("Escape");
      page = await inScheme(await journey.switchTo("Billing"));
      await openBySearch(page, "FCE57", "ARNOLD, Leah");
      await check(page, "overview of Billing");
      await openTab(page, "Records");
      await check(page, "closed tab");
      page = await inScheme(await journey.switchTo("Auditor"));
      await openArea(page, "Audit");
      await page.getByRole("button", { name: "Verify chain" }).click();
      await expect(page.getByRole("status", { name: "Chain" })).toContainText("Verified");
      await check(page, "audit trail");
      await openArea(page, "Shifts");
      await check(page, "department schedules");
      page = await inScheme(await journey.switchTo("Admin"));
      await openArea(page, "Administration");
      await page.getByRole("textbox", { name: "Patient number" }).fill("V3LRN");
      await expect(page.getByText("VANCE, Oliver").first()).toBeVisible();
      await check(page, "administration");
    });
  });
}

test("axe finds nothing on a failed answer, on the idle warning, and on the first start", async () => {
  const server = await startModelServer();
  server.play((reply) => reply.status(429, undefined, { "retry-after": "60" }));
  let empty: Journey | undefined;
  try {
    journey = await startJourney({ env: { LAMPLIGHT_IDLE_SECONDS: "300", OPENAI_BASE_URL: server.url } });
    empty = await startJourney({ empty: true });
    const first = await empty.page();
    await expect(first.getByRole("button", { name: "Load demo hospital" })).toBeVisible();
    for (const colorScheme of ["light", "dark"] as const) {
      await first.emulateMedia({ colorScheme });
      await nothingFound(first, `first start, ${colorScheme}`);
    }
    const page = await journey.signInAs("Nurse");
    await openArea(page, "Assistant");
    await send(page, "Hello");
    await expect(page.getByText(/language model is busy/u)).toBeVisible();
    await nothingFound(page, "failed answer");
    // Four minutes later, by the clock on the wall: the warning leaves a minute to look at it.
    await setClockBy(journey.app, 241_000);
    await expect(page.getByRole("alertdialog", { name: "Locking soon" })).toBeVisible();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await nothingFound(page, `idle warning, ${colorScheme}`);
    }
  } finally {
    await empty?.close();
    await server.close();
  }
});
