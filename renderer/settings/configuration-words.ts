import type { ConfigurationItem } from "../../shared/workstation/configuration";

/** Who decided an item that nobody locked. */
export const sources: Readonly<Record<ConfigurationItem["source"], string>> = {
  managed: "IT's managed configuration",
  environment: "Where Lamplight is started (environment)",
  chosen: "Chosen on this workstation",
  default: "Lamplight's own default",
};

/** Whether IT decided an item that a screen would otherwise let a person choose; `name` as in the managed file. */
export function isLocked(items: readonly ConfigurationItem[] | undefined, name: string): boolean {
  return items?.some((item) => item.name === name && item.locked) ?? false;
}
