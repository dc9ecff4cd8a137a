import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import type { FieldState } from "./typing";
import { bridgeCall, patience } from "./ward-page";

/** How far what was typed has got on its way from the page, seen from outside. The text itself is sealed there. */

/** Waits until the main process holds a text with its caret; answers when it got them, in milliseconds since 1970. */
export async function heldByMain(page: Page, { text, start, end }: FieldState): Promise<number> {
  const found = async () => {
    const listed = await bridgeCall(page, "drafts.list", {});
    if (!listed.ok) throw new Error(listed.failure.code);
    return listed.value.drafts.find(
      ({ fields, caret }) => Object.values(fields).includes(text) && caret?.start === start && caret.end === end,
    );
  };
  await expect.poll(found, { timeout: patience }).toBeDefined();
  return Date.parse((await found())?.savedAt ?? "");
}

/** Revisions are thousandths of milliseconds since 1970; a draft's time is noted a moment after its revision was made. */
const MOMENT = 100;

async function steady(newest: () => number | Promise<number>, since: number): Promise<void> {
  let before = 0;
  const settled = async () => {
    const now = await newest();
    const isSteady = now === before;
    before = now;
    return isSteady && now >= (since - MOMENT) * 1000;
  };
  await expect.poll(settled, { intervals: [500], timeout: patience }).toBe(true);
}

/** Waits until the workstation's disk holds what was typed up to a moment, and nothing more is on its way. */
export function onTheDisk(home: string, since: number): Promise<void> {
  const newest = () =>
    readdirSync(join(home, "drafts"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/u.test(entry.name))
      .reduce((most, { parentPath, name }) => {
        const { revision } = JSON.parse(readFileSync(join(parentPath, name), "utf8")) as { revision: number };
        return Math.max(most, revision);
      }, 0);
  return steady(newest, since);
}

/** The same for the hospital's database: a lock gives it only a moment for what it does not have yet. */
export function inTheDatabase(
  query: (text: string) => Promise<readonly Record<string, unknown>[]>,
  since: number,
): Promise<void> {
  const newest = async () => Number((await query("SELECT max(revision) AS newest FROM private.draft"))[0]?.["newest"]);
  return steady(newest, since);
}
