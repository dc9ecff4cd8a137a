import type { Settings } from "../../shared/ipc/app-commands";

export const defaultSettings: Settings = { appearance: "system", textSize: "normal", dockWidth: 420 };

const night = "(prefers-color-scheme: dark)";
let wanted: Settings["appearance"] = "system";

function paint(): void {
  const dark = wanted === "dark" || (wanted === "system" && window.matchMedia(night).matches);
  document.documentElement.dataset.appearance = dark ? "dark" : "light";
}

/** Puts the chosen scheme and text size on the page, and follows the machine where the choice is `system`. */
export function applyAppearance(settings: Settings): void {
  wanted = settings.appearance;
  document.documentElement.dataset.textSize = settings.textSize;
  paint();
}

/** Follows the machine's change between day and night; called once when a page starts. */
export function followSystemAppearance(): void {
  window.matchMedia(night).addEventListener("change", paint);
}
