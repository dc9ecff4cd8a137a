import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { settled } from "./ward-page";

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** `all` rules, or the one that other colours can break. */
export type Rules = "all" | "contrast";

/** Every finding as a line: the rule, what it says and where, so that a failure reads as a list of work. */
export async function findings(page: Page, rules: Rules): Promise<string[]> {
  await settled(page);
  // What moves in is measured when it has arrived.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))),
  );
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await (rules === "all"
    ? axe.withTags(standards)
    : axe.withRules(["color-contrast"])
  ).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${target.join(" ")}: ${failureSummary?.split("\n").slice(1).join(" ").trim()}`,
    ),
  );
}

export async function nothingFound(page: Page, screen: string, rules: Rules = "all"): Promise<void> {
  expect.soft(await findings(page, rules), screen).toEqual([]);
}

/** The same screen by day and by night: everything once, and then what other colours can break. */
export async function nothingFoundInBothSchemes(page: Page, screen: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  await nothingFound(page, `${screen}, light`);
  await page.emulateMedia({ colorScheme: "dark" });
  await nothingFound(page, `${screen}, dark`, "contrast");
}
