import { expect, type Locator, type Page } from "@playwright/test";
import { patience } from "./ward-page";

/** What somebody who looks at a field sees of it: the text, the caret in it, and whether the keyboard is there. */
export interface FieldState {
  readonly text: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly focused: boolean;
}

export function stateOf(field: Locator): Promise<FieldState> {
  return field.evaluate((element) => {
    const { value, selectionStart, selectionEnd } = element as HTMLInputElement;
    return {
      text: value,
      start: selectionStart,
      end: selectionEnd,
      focused: document.activeElement === element,
    };
  });
}

/** Types with the keyboard, as somebody does, and selects a part of it with the keyboard too. */
export async function typeAndSelect(field: Locator, text: string, back: number, selected: number): Promise<FieldState> {
  await field.focus();
  const page = field.page();
  await page.keyboard.insertText(text);
  for (let step = 0; step < back; step += 1) await page.keyboard.press("ArrowLeft");
  for (let step = 0; step < selected; step += 1) await page.keyboard.press("Shift+ArrowLeft");
  const state = await stateOf(field);
  expect(state.text.length).toBeGreaterThanOrEqual(text.length);
  return state;
}

export async function expectState(field: Locator, expected: FieldState): Promise<void> {
  await expect(field).toBeVisible({ timeout: patience });
  await expect.poll(() => stateOf(field), { timeout: patience }).toEqual(expected);
}

export const message = (page: Page): Locator => page.getByRole("textbox", { name: "Message" });
