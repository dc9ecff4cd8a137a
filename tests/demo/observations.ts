import type { Page } from "@playwright/test";

/** Types one whole set into the form and does not save it. */
export async function enterSet(page: Page): Promise<void> {
  const typed = [
    ["Respiratory rate", "22"],
    ["Oxygen saturation", "95"],
    ["Systolic blood pressure", "128"],
    ["Diastolic blood pressure", "74"],
    ["Pulse", "96"],
    ["Temperature", "37.9"],
  ] as const;
  for (const [name, value] of typed) await page.getByRole("spinbutton", { name, exact: true }).fill(value);
  await page.getByRole("combobox", { name: "Oxygen", exact: true }).selectOption({ label: "Air" });
  await page.getByRole("combobox", { name: "Consciousness" }).selectOption({ index: 1 });
}
