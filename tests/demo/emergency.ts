import { expect } from "@playwright/test";
import type { Journey } from "../support/journey";
import { banner, demoPassword, openArea } from "../support/ward-page";
import { picture } from "./picture";

/** Ngozi Achebe lies on the intensive care unit, where the demo nurse has no shift. */
const theirs = { number: "A4CHN", name: "ACHEBE, Ngozi" };

/** A chart of another ward in an emergency; and numbers tried one after the other, which somebody has to judge later. */
export async function emergency(journey: Journey): Promise<void> {
  const page = await journey.unlock();
  await openArea(page, "Patients");
  await page.getByRole("searchbox", { name: "Find patient" }).fill(theirs.number);
  await page.getByRole("button", { name: "In an emergency: break glass" }).click();
  const dialog = page.getByRole("dialog", { name: "Break glass" });
  await dialog.getByRole("textbox", { name: "Patient number" }).fill(theirs.number);
  await dialog.getByRole("combobox", { name: "Reason" }).selectOption("unconscious");
  await dialog.getByRole("textbox", { name: "What happens" }).fill("Found on the stairs");
  await dialog.getByRole("textbox", { name: "Password" }).fill(demoPassword);
  await picture(page, "break-glass");
  await page.keyboard.press("Enter");
  await expect(banner(page)).toContainText(theirs.name);
  await picture(page, "emergency");
  await page.getByRole("button", { name: "End emergency access" }).click();
  await expect(page.getByText(`The chart of patient ${theirs.number} is closed.`)).toBeVisible();
  await page.getByRole("button", { name: "OK", exact: true }).click();

  await openArea(page, "Settings");
  const form = page.getByRole("form", { name: "Tool console" });
  await form.getByRole("combobox", { name: "Tool" }).selectOption("get_patient_overview");
  for (const number of ["ZZ7A1", "ZZ7A2", "ZZ7A3", "ZZ7A4", "ZZ7A5", "ZZ7A6"]) {
    await form.getByRole("textbox").first().fill(number);
    await form.getByRole("button", { name: "Call tool" }).click();
    await expect(page.getByRole("region", { name: "Response" })).toContainText(number);
  }
}
