import { expect, type Page, test } from "@playwright/test";
import { type Journey, startJourney } from "../support/journey";
import { focusIsSomewhere, tabTo, typeChoice } from "../support/keyboard";
import { banner, chartTab, conversation, demoPassword } from "../support/ward-page";

let journey: Journey;
test.beforeEach(async () => {
  journey = await startJourney();
});
test.afterEach(() => journey.close());

async function signInByKeyboard(role: string): Promise<Page> {
  const page = await journey.page();
  const account = page.getByRole("group", { name: "Demo accounts" }).getByRole("button", { name: role });
  await expect(account).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Username" })).toBeFocused();
  await tabTo(page, account);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  return page;
}

test("the main job by keyboard alone: sign in, open a chart, ask, follow the answer, lock, come back", async () => {
  let page = await signInByKeyboard("Nurse");
  await focusIsSomewhere(page, "signing in");
  await tabTo(page, page.getByRole("table", { name: "Ward list" }).getByRole("link", { name: "ARNOLD, Leah" }));
  await page.keyboard.press("Enter");
  await expect(banner(page)).toContainText("Patient No. FCE57");
  await focusIsSomewhere(page, "opening a chart");

  await tabTo(page, chartTab(page, "Overview"));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(chartTab(page, "Vitals")).toHaveAttribute("aria-selected", "true");
  // The key belongs to the plot, which is there once the data is.
  const asTable = page.getByRole("button", { name: "Show as table" });
  await expect(asTable).toBeVisible();
  // What is drawn listens a moment later.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  await page.keyboard.press("t");
  await expect(asTable).toHaveAttribute("aria-pressed", "true");

  await page.keyboard.press("Control+j");
  const message = page.getByRole("textbox", { name: "Message" });
  await tabTo(page, message);
  await page.keyboard.type("Get medical records for FCE57");
  await page.keyboard.press("Enter");
  await expect(conversation(page)).toContainText("not a clinical decision");
  await expect(message).toBeFocused();
  await tabTo(page, conversation(page).getByRole("link", { name: /X-ray/u }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(chartTab(page, "Records")).toHaveAttribute("aria-selected", "true");
  await focusIsSomewhere(page, "following a link");

  page = await journey.lock();
  await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused();
  await page.keyboard.type(demoPassword);
  page = await journey.afterReplacement(() => page.keyboard.press("Enter"));
  await expect(banner(page)).toContainText("Patient No. FCE57");
  await expect(conversation(page)).toContainText("not a clinical decision");
  await focusIsSomewhere(page, "unlocking");
});

test("every dialog gives the focus back to where it came from", async () => {
  const page = await signInByKeyboard("Doctor");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Patient, place or act" })).toBeFocused();
  await page.keyboard.type("arnold");
  await expect(page.getByRole("option", { name: /ARNOLD, Leah/u })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(banner(page)).toContainText("Patient No. FCE57");
  await tabTo(page, chartTab(page, "Overview"));
  for (const key of ["End", "Enter"]) await page.keyboard.press(key);
  const reveal = page.getByRole("button", { name: "Reveal Social security number" });
  await tabTo(page, reveal);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Reveal" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(reveal).toBeFocused();
  await page.keyboard.press("Enter");
  const reason = page.getByRole("combobox", { name: "Reason" });
  await tabTo(page, reason);
  await typeChoice(reason, "Checking");
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Reveal", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tabpanel", { name: "Identity" })).toContainText(/\d{3}-\d\d-\d{4}/u);
  await expect(page.getByRole("button", { name: "Hide Social security number" })).toBeFocused();

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await focusIsSomewhere(page, "closing the keys");
});

test("the main act of every other screen is reached and done without the pointer", async () => {
  let page = await signInByKeyboard("Auditor");
  const areas = ["Ward", "Patients", "Assistant", "Shifts", "Audit", "Compliance", "Settings"];
  const go = async (area: string) => {
    await page.keyboard.press(`Alt+${areas.indexOf(area) + 1}`);
    await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: area })).toHaveAttribute(
      "aria-current",
      "page",
    );
    await focusIsSomewhere(page, `going to ${area}`);
  };
  await go("Patients");
  await tabTo(page, page.getByRole("searchbox", { name: "Find patient" }));
  await page.keyboard.type("chen");
  await tabTo(page, page.getByRole("table", { name: "Patients found" }).getByRole("link", { name: /CHEN, Michael/u }));
  await page.keyboard.press("Enter");
  await expect(banner(page)).toContainText("Patient No. 6VCB8");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(page.getByRole("searchbox", { name: "Find patient" })).toBeVisible();

  await go("Shifts");
  const week = page.getByRole("status").filter({ hasText: /to \d\d-/u });
  const before = (await week.textContent()) ?? "";
  await tabTo(page, page.getByRole("button", { name: "Week after" }));
  await page.keyboard.press("Enter");
  await expect(week).not.toHaveText(before);

  await go("Audit");
  await tabTo(page, page.getByRole("button", { name: "Verify chain" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status", { name: "Chain" })).toContainText("Verified");
  await focusIsSomewhere(page, "verifying the chain");
  await tabTo(page, page.getByRole("textbox", { name: "Patient number" }));
  await page.keyboard.type("FCE57");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table", { name: "Audit trail" }).getByRole("row").nth(1)).toContainText("FCE57");

  await go("Settings");
  const tool = page.getByRole("combobox", { name: "Tool" });
  await tabTo(page, tool);
  await typeChoice(tool, "get_allergies");
  await tabTo(page, page.getByRole("textbox", { name: /patient_id/u }));
  await page.keyboard.type("FCE57");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Response" })).toContainText("Penicillin");

  page = await journey.lock();
  await tabTo(page, page.getByRole("button", { name: "Switch user" }));
  page = await journey.afterReplacement(() => page.keyboard.press("Enter"));
  page = await signInByKeyboard("Admin");
  await page.keyboard.press("Alt+7");
  await tabTo(page, page.getByRole("button", { name: /Choose FHIR bundles/u }));
  await tabTo(page, page.getByRole("textbox", { name: "Patient number" }));
  await page.keyboard.type("V3LRN");
  const ward = page.getByRole("combobox", { name: "Ward" });
  await tabTo(page, ward);
  await typeChoice(ward, "Geriatrics");
  await tabTo(page, page.getByRole("combobox", { name: "Bed" }));
  await page.keyboard.press("ArrowDown");
  await tabTo(page, page.getByRole("textbox", { name: "Reason" }));
  await page.keyboard.type("Rehabilitation");
  await expect(page.getByRole("button", { name: /^Admit VANCE, Oliver/u })).toBeEnabled();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Admit to a bed" })).toContainText("admitted V3LRN to ward 3C");
});
