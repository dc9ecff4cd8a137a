import { expect, type Page, test } from "@playwright/test";
import { nothingFound, nothingFoundInBothSchemes } from "../support/accessibility";
import { type Journey, startJourney } from "../support/journey";
import { databaseOf } from "../support/journey-database";
import { focusIsSomewhere, tabTo } from "../support/keyboard";
import { banner, bridgeCall, chartTabNames, demoPassword, middle, openArea, openTab } from "../support/ward-page";

/** Ngozi Achebe lies on the intensive care unit, where the demo nurse has no shift. */
const theirs = { number: "A4CHN", name: "ACHEBE, Ngozi" };

let journey: Journey;
test.beforeEach(async () => {
  journey = await startJourney();
});
test.afterEach(() => journey.close());

const frame = (page: Page) => page.getByRole("region", { name: "Emergency access" });
const dialog = (page: Page) => page.getByRole("dialog", { name: "Break glass" });
const breakGlass = (page: Page) => page.getByRole("button", { name: "In an emergency: break glass" });

/** The width and colour of what stands round the window. */
const edge = (page: Page) =>
  page.evaluate(() => {
    const { borderTopWidth, borderTopColor, animationName, content } = getComputedStyle(document.body, "::after");
    return content === "none" ? null : { borderTopWidth, borderTopColor, animationName };
  });

async function secondsLeft(page: Page): Promise<number> {
  const [minutes = "0", seconds = "0"] = (await page.getByRole("timer", { name: "Time left" }).innerText()).split(":");
  return Number(minutes) * 60 + Number(seconds);
}

test("a nurse at night opens a chart of another ward by keyboard, reads it in a red frame and ends it; an Auditor judges it", async () => {
  let page = await journey.signInAs("Nurse");

  await test.step("the search finds nobody, and offers the way", async () => {
    await openArea(page, "Patients");
    const search = page.getByRole("searchbox", { name: "Find patient" });
    await search.fill(theirs.number);
    await expect(page.getByText("Nobody found")).toBeVisible();
    await tabTo(page, breakGlass(page));
    await page.keyboard.press("Enter");
    await expect(dialog(page)).toBeVisible();
    await nothingFoundInBothSchemes(page, "break glass");
  });

  await test.step("without number, reason and password nothing is asked", async () => {
    await expect(dialog(page).getByRole("textbox", { name: "Patient number" })).toBeFocused();
    await page.keyboard.press("Enter");
    for (const fault of ["The number on the wristband:", "Choose a reason.", "Type your password."])
      await expect(dialog(page).getByText(fault)).toBeVisible();
    await nothingFound(page, "break glass with faults");
  });

  await test.step("what was typed is there again after a lock, the password is not", async () => {
    await page.keyboard.type(theirs.number.toLowerCase());
    await page.keyboard.press("Tab");
    await page.keyboard.press("U");
    await expect(dialog(page).getByRole("combobox", { name: "Reason" })).toHaveValue("unconscious");
    await tabTo(page, dialog(page).getByRole("textbox", { name: "What happens" }));
    await page.keyboard.type("Found on the stairs");
    await dialog(page).getByRole("textbox", { name: "Password" }).fill("half of it");
    await expect
      .poll(async () => JSON.stringify(await bridgeCall(page, "drafts.list", {})))
      .toContain("Found on the stairs");
    await journey.lock();
    page = await journey.unlock();
    await expect(dialog(page).getByRole("textbox", { name: "What happens" })).toHaveValue("Found on the stairs");
    await expect(dialog(page).getByRole("combobox", { name: "Reason" })).toHaveValue("unconscious");
    await expect(dialog(page).getByRole("textbox", { name: "Patient number" })).toHaveValue("a4chn");
    await expect(dialog(page).getByRole("textbox", { name: "Password" })).toHaveValue("");
  });

  await test.step("a wrong password opens nothing and is typed anew; the right one opens the chart", async () => {
    const password = dialog(page).getByRole("textbox", { name: "Password" });
    await tabTo(page, password);
    await page.keyboard.type("not hers");
    await page.keyboard.press("Enter");
    await expect(dialog(page).getByText("The password is wrong.")).toBeVisible();
    await expect(password).toBeFocused();
    await page.keyboard.type(demoPassword);
    await page.keyboard.press("Enter");
    await expect(banner(page)).toContainText(theirs.name);
    await expect(banner(page)).toContainText(`Patient No. ${theirs.number}`);
    await expect(dialog(page)).toHaveCount(0);
    await focusIsSomewhere(page, "opening the chart");
  });

  await test.step("every tab answers, in a still red frame with a countdown on every screen", async () => {
    await expect(frame(page)).toContainText(theirs.number);
    await expect.poll(() => edge(page)).toMatchObject({ borderTopWidth: "6px", animationName: "none" });
    for (const tab of chartTabNames) {
      const panel = await openTab(page, tab);
      await expect(panel).not.toContainText("on your wards or lists");
    }
    const before = await secondsLeft(page);
    // An hour from the opening, less what the tabs took.
    expect(before).toBeGreaterThan(3000);
    expect(before).toBeLessThanOrEqual(3600);
    await expect.poll(() => secondsLeft(page)).toBeLessThan(before);
    await expect(page.getByRole("status").filter({ hasText: "at most 60 minutes left" })).toHaveCount(1);
    await nothingFoundInBothSchemes(page, "a chart in an emergency");
    for (const area of ["Ward", "Settings", "Audit"]) {
      await openArea(page, area);
      await expect(frame(page)).toBeVisible();
      await expect.poll(() => edge(page)).not.toBeNull();
    }
  });

  await test.step("a second patient waits", async () => {
    const second = { patient_id: "F6NJL", reason: "unconscious", words: "", password: demoPassword } as const;
    expect(await bridgeCall(page, "emergency.open", second)).toMatchObject({
      ok: false,
      failure: { code: "BREAK_GLASS_OPEN" },
    });
  });

  await test.step("a lock takes frame and number away, and unlocking brings both back", async () => {
    const locked = await journey.lock();
    expect(await locked.locator("body").innerText()).not.toContain(theirs.number);
    expect(await edge(locked)).toBeNull();
    page = await journey.unlock();
    await expect(frame(page)).toContainText(theirs.number);
    await frame(page).getByRole("button", { name: "Go to the chart" }).click();
    await expect(banner(page)).toContainText(theirs.name);
  });

  await test.step("its end closes the chart and says so", async () => {
    await tabTo(page, frame(page).getByRole("button", { name: "End emergency access" }));
    await page.keyboard.press("Enter");
    await expect(page.getByText(`The chart of patient ${theirs.number} is closed.`)).toBeVisible();
    await expect(frame(page)).toHaveCount(0);
    await expect.poll(() => edge(page)).toBeNull();
    await expect(middle(page)).not.toContainText(theirs.name);
    const again = await bridgeCall(page, "tool.call", {
      name: "get_allergies",
      arguments: { patient_id: theirs.number },
    });
    expect(again).toMatchObject({ ok: false, failure: { code: "PATIENT_NOT_FOUND" } });
    await page.getByRole("button", { name: "OK", exact: true }).click();
    await focusIsSomewhere(page, "reading that it ended");
  });

  await test.step("the Auditor sees why and what was read, gives a verdict, and adds to it", async () => {
    await journey.signOut();
    page = await journey.signInAs("Auditor");
    await openArea(page, "Compliance");
    await page.getByRole("tab", { name: "Emergency access" }).click();
    const list = page.getByRole("list", { name: "Emergency access" });
    const card = list.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /Chart opened/u }) });
    await expect(card).toHaveCount(1);
    for (const told of [
      theirs.number,
      theirs.name,
      "Unconscious",
      "Found on the stairs",
      "one wrong password",
      "Medications",
    ])
      await expect(card).toContainText(told);
    await nothingFoundInBothSchemes(page, "emergency access to judge");
    await card.getByRole("button", { name: "Give a verdict" }).click();
    const verdict = page.getByRole("dialog", { name: "Give a verdict" });
    await verdict.getByRole("combobox", { name: "Verdict" }).selectOption("unclear");
    await verdict.getByRole("button", { name: "Record" }).click();
    await expect(verdict.getByText("Say in a few words why.")).toBeVisible();
    await nothingFound(page, "verdict");
    await verdict.getByRole("textbox", { name: "Note" }).fill("Ask the ward in charge");
    await verdict.getByRole("button", { name: "Record" }).click();
    await expect(card).toHaveCount(0);
    // The second patient, who had to wait, is still to be judged.
    await expect(list).toContainText("Refused: another chart was still open");
    await page.getByRole("radio", { name: "With a verdict" }).check();
    await expect(card).toContainText("Unclear");
    await card.getByRole("button", { name: "Add to the verdict" }).click();
    const addition = page.getByRole("dialog", { name: "Add to the verdict" });
    await addition.getByRole("textbox", { name: "Note" }).fill("She was asked to come");
    await addition.getByRole("button", { name: "Record" }).click();
    await expect(card).toContainText("She was asked to come");
    await expect(card).toContainText("Ask the ward in charge");
  });
});

test("roles without emergency access are not offered it, and refused when a script asks", async () => {
  const page = await journey.signInAs("Billing");
  await openArea(page, "Patients");
  await page.getByRole("searchbox", { name: "Find patient" }).fill("zzzzz");
  await expect(page.getByText("Nobody found")).toBeVisible();
  await expect(breakGlass(page)).toHaveCount(0);
  const asked = { patient_id: theirs.number, reason: "unconscious", words: "", password: demoPassword } as const;
  expect(await bridgeCall(page, "emergency.open", asked)).toMatchObject({
    ok: false,
    failure: { code: "RBAC_DENIED" },
  });
});

test("an emergency that ended behind the lock is told after it, on the ward and not on a chart that is closed", async () => {
  let page = await journey.signInAs("Nurse");
  const asked = { patient_id: theirs.number, reason: "unconscious", words: "", password: demoPassword } as const;
  expect(await bridgeCall(page, "emergency.open", asked)).toMatchObject({ ok: true });
  await expect(frame(page)).toBeVisible();
  await frame(page).getByRole("button", { name: "Go to the chart" }).click();
  await expect(banner(page)).toContainText(theirs.name);
  await journey.lock();
  const database = await databaseOf(journey.home);
  await database.owner(
    "UPDATE private.break_glass_grant SET ended_at = clock_timestamp(), ended_because = 'time is up' WHERE ended_at IS NULL",
  );
  await database.close();
  page = await journey.unlock();
  const told = () => page.getByText(`The chart of patient ${theirs.number} is closed.`);
  await expect(told()).toBeVisible();
  await expect(banner(page)).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Ward list" })).toBeVisible();
  await nothingFound(page, "an emergency that ended behind the lock");
  // Called away before she read it: it is told once more, until she says that she knows.
  await journey.lock();
  page = await journey.unlock();
  await expect(told()).toBeVisible();
  await page.getByRole("button", { name: "OK", exact: true }).click();
  await expect(told()).toHaveCount(0);
  await journey.lock();
  page = await journey.unlock();
  await expect(page.getByRole("table", { name: "Ward list" })).toBeVisible();
  const pulse = await bridgeCall(page, "session.pulse", {});
  expect(pulse).toMatchObject({ ok: true });
  expect(pulse.ok && pulse.value).not.toHaveProperty("emergencyEnded");
  // Two more pulses later it is still not told.
  await page.waitForTimeout(5000);
  await expect(page.getByText("is closed.")).toHaveCount(0);
});
