import { expect, type Locator, type Page } from "@playwright/test";
import { patience } from "./ward-page";

/** What has the focus, in words, and whether a person can see that it has it. */
async function focusOf(page: Page): Promise<{ lost: boolean; words: string; visible: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body)
      return { lost: true, words: "nothing", visible: false };
    const box = element.getBoundingClientRect();
    const inSight =
      box.width > 0 &&
      box.height > 0 &&
      box.bottom > 0 &&
      box.right > 0 &&
      box.top < innerHeight &&
      box.left < innerWidth;
    // A ring may be drawn by the element or by what it stands in.
    const ringed = [element, element.parentElement].some((one) => {
      if (!one) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    });
    const words = `${element.tagName.toLowerCase()} ${element.getAttribute("aria-label") ?? element.innerText?.slice(0, 40) ?? ""}`;
    return { lost: false, words, visible: inSight && ringed };
  });
}

/** Presses Tab until something has the focus; on the way the focus is never lost and always to be seen. */
export async function tabTo(page: Page, wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(wanted).toBeVisible({ timeout: patience });
  const way: string[] = [];
  for (let step = 0; step < 120; step += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
    const { lost, words, visible } = await focusOf(page);
    way.push(words);
    // Once round the window the focus may rest on the document itself; the next key goes on from the top.
    if (!lost) expect(visible, `the focus on "${words}" can be seen`).toBe(true);
  }
  throw new Error(`Tab does not lead to ${String(wanted)}. On the way: ${way.join("; ")}`);
}

/**
 * Chooses by its first letters in the select that has the focus. Letters a second apart begin a new word to the system: on a
 * machine that is starved between two of them the word is typed again.
 */
export async function typeChoice(select: Locator, letters: string): Promise<void> {
  await expect(select).toBeFocused();
  const chosen = () => select.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.label ?? "");
  await expect(async () => {
    await select.page().keyboard.type(letters);
    await expect.poll(async () => (await chosen()).startsWith(letters), { timeout: 2000 }).toBe(true);
  }).toPass({ timeout: patience });
}

export async function focusIsSomewhere(page: Page, after: string): Promise<void> {
  await expect
    .poll(async () => (await focusOf(page)).words, { message: `the focus is lost after ${after}`, timeout: patience })
    .not.toBe("nothing");
}
