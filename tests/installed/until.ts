import { setTimeout as pause } from "node:timers/promises";

/**
 * Looks again and again until something holds. Throws after `within` milliseconds, with what was seen last where
 * `seen` tells.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  within: number,
  seen?: () => string,
): Promise<void> {
  const end = performance.now() + within;
  for (;;) {
    if (await holds()) return;
    if (performance.now() > end) {
      const last = seen ? `; seen instead:\n${seen().replaceAll(/^/gmu, "    | ")}` : "";
      throw new Error(`waited ${Math.round(within / 1000)} s, but not: ${what}${last}`);
    }
    await pause(150);
  }
}
