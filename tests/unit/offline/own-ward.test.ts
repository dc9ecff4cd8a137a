import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { systemClock } from "../../../electron/clock";
import { Holder } from "../../../electron/offline/holder";
import { openOfflineFiles } from "../../../electron/offline/offline-files";
import { holdOf } from "../../../electron/offline/offline-hold";
import { OwnWard } from "../../../electron/offline/own-ward";
import type { WardSnapshot } from "../../../shared/offline/ward-snapshot";
import { newContent, temporaryFolder } from "./scene";

const snapshot = (asOf: string): WardSnapshot => ({
  wards: [{ code: "5A", name: "Medicine 5A" }],
  as_of: asOf,
  patients: [],
});
const early = snapshot("2026-04-05T09:05:00.000Z");
const late = snapshot("2026-04-05T09:06:00.000Z");

/** Somebody's ward over real files; every reading waits until the test answers it. */
async function open() {
  const files = await openOfflineFiles({ home: temporaryFolder(), clock: systemClock, store: undefined });
  const holder = new Holder(files.clock.now);
  const readings: { resolve(answer: WardSnapshot | undefined): void }[] = [];
  const faults: unknown[] = [];
  const ward = new OwnWard({
    files,
    holder,
    isAway: () => false,
    readSnapshot: () => new Promise((resolve) => readings.push({ resolve })),
    lastShift: () => null,
    onChanged: () => undefined,
    logUnexpected: (_where, error) => {
      faults.push(error);
      return "test";
    },
  });
  const content = newContent();
  const { username } = content.person;
  return {
    ward,
    readings,
    faults,
    username,
    /** A password was right: the database's word, with keys that nobody zeroed yet. */
    granted: () =>
      holder.granted(
        holdOf(
          { ...content, dataKey: { ...content.dataKey, key: Buffer.from(content.dataKey.key) } },
          files.clock.now() + 60_000,
        ),
      ),
    forget: () => {
      ward.forget();
      holder.forget(() => undefined);
    },
    lying: () => {
      try {
        return readdirSync(files.access.folderOf(username));
      } catch {
        return [];
      }
    },
  };
}

test("several who ask for the same hold wait for one reading", async () => {
  const { ward, readings, granted } = await open();
  granted();
  const asked = [ward.refresh(), ward.refresh()];
  expect(readings).toHaveLength(1);
  readings[0]?.resolve(early);
  await Promise.all(asked);
  expect(ward.asOf).toBe(early.as_of);
});

test("after a lock in the middle of a reading, the next hold has a reading of its own", async () => {
  const { ward, readings, granted, forget } = await open();
  granted();
  const before = ward.refresh();
  forget();
  granted();
  const after = ward.refresh();
  expect(readings).toHaveLength(2);
  readings[1]?.resolve(late);
  await after;
  expect(ward.asOf).toBe(late.as_of);
  // The reading of before comes late, and is of a ward that its person no longer has: it takes nothing away.
  readings[0]?.resolve(undefined);
  await before;
  expect(ward.asOf).toBe(late.as_of);
});

test("a copy that was being written when its person left is gone with them", async () => {
  const { ward, readings, faults, username, granted, forget, lying } = await open();
  for (let round = 0; round < 20; round += 1) {
    granted();
    const refreshed = ward.refresh();
    readings[round]?.resolve(early);
    // The writing begins within these turns of the loop, and is at another step of it in each round.
    for (let step = 0; step < round; step += 1) await pause(0);
    forget();
    await ward.remove(username);
    await refreshed;
    expect(lying(), `round ${round}`).toEqual([]);
  }
  expect(faults).toEqual([]);
});
