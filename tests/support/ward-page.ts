import { expect, type Locator, type Page } from "@playwright/test";
import type {} from "../../renderer/bridge/bridge";
import type { CommandInput, CommandName, CommandOutput } from "../../shared/ipc/contract";
import type { Outcome } from "../../shared/ipc/outcome";

/** What a person does on the screen, by the accessible names that the screens promise. */
export { demoPassword } from "./demo-password";

/** Milliseconds until what never comes is given up. No measure of speed: a starved machine gets there too, only later. */
export const patience = 60_000;

/** The one region that holds an area; what the rail and the top bar say is not in it. */
export const middle = (page: Page): Locator => page.getByRole("main");

export async function openArea(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
}

/** The tabs of a chart, typed from the product's own table of names: the screens are held against it. */
export const chartTabNames = [
  "Overview",
  "Vitals",
  "Medications",
  "Records",
  "Diagnoses",
  "Treatment",
  "Appointments",
  "Admissions",
  "Identity",
] as const;

export function chartTab(page: Page, name: string): Locator {
  return page.getByRole("tablist", { name: "Chart" }).getByRole("tab", { name, exact: true });
}

export async function openTab(page: Page, name: string): Promise<Locator> {
  await chartTab(page, name).click();
  return page.getByRole("tabpanel", { name, exact: true });
}

export function banner(page: Page): Locator {
  return page.getByRole("region", { name: "Patient banner" });
}

/** From the ward list into a chart. */
export async function openFromWard(page: Page, name: string): Promise<void> {
  await openArea(page, "Ward");
  await page
    .getByRole("table", { name: "Ward list" })
    .getByRole("link", { name: new RegExp(`^${name}`, "u") })
    .click();
  await expect(banner(page)).toContainText(name, { timeout: patience });
}

/** By the patient search into a chart. */
export async function openBySearch(page: Page, typed: string, name: string): Promise<void> {
  await openArea(page, "Patients");
  await page.getByRole("searchbox", { name: "Find patient" }).fill(typed);
  await page
    .getByRole("table", { name: "Patients found" })
    .getByRole("link", { name: new RegExp(`^${name}`, "u") })
    .click();
  await expect(banner(page)).toContainText(name, { timeout: patience });
}

/** The grey bars of `renderer/design/Skeleton.tsx`, also while they wait a moment before they show. */
const skeleton = "[class*=_skeleton_]";

export const conversation = (page: Page): Locator => page.getByRole("log", { name: "Conversation" });

/** Writes a question and sends it; does not wait for the answer. */
export async function send(page: Page, question: string): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(question);
  await page.getByRole("button", { name: "Send" }).click();
}

/** Asks and answers with the article of the whole answer. */
export async function ask(page: Page, question: string): Promise<Locator> {
  const answers = conversation(page).getByRole("article", { name: "Answer" });
  // A chat that is still being opened brings its earlier answers a moment later.
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible({ timeout: patience });
  await expect(conversation(page).locator(skeleton)).toHaveCount(0, { timeout: patience });
  const before = await answers.count();
  await send(page, question);
  await expect(answers).toHaveCount(before + 1, { timeout: patience });
  const answer = answers.nth(before);
  await expect(answer).toHaveAttribute("aria-busy", "false", { timeout: patience });
  return answer;
}

/** One command over the bridge, as a script in the page could send it. */
export function bridgeCall<N extends CommandName>(
  page: Page,
  name: N,
  input: CommandInput<N>,
): Promise<Outcome<CommandOutput<N>>> {
  return page.evaluate(([command, given]) => window.ward.call(command as never, given as never), [
    name,
    input,
  ] as const) as Promise<Outcome<CommandOutput<N>>>;
}

/** Nothing is being read any more: no skeleton, no progress, no table that says it is busy. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator(`[aria-busy=true], ${skeleton}`)).toHaveCount(0, { timeout: patience });
}
