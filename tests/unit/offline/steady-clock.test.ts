import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSteadyClock } from "../../../electron/offline/steady-clock";
import { handClock } from "../session/hand-clock";
import { temporaryFolder } from "./scene";

const hour = 3_600_000;

test("it goes on by the machine's clocks while the wall clock stands or is set back", async () => {
  const wall = handClock();
  const clock = await openSteadyClock(temporaryFolder(), wall);
  const start = clock.now();
  wall.pass(hour, { wall: false });
  expect(clock.now() - start).toBe(hour);
  wall.setWall(start - 24 * hour);
  expect(clock.now() - start).toBe(hour);
  wall.pass(hour, { monotonic: false, wall: false });
  expect(clock.now() - start).toBe(2 * hour);
});

test("a clock that was set back while the app was off does not give the time back", async () => {
  const folder = temporaryFolder();
  const before = handClock();
  const clock = await openSteadyClock(folder, before);
  before.pass(5 * hour);
  await clock.keep();
  const end = clock.now();
  const later = handClock(end - 10 * hour);
  expect((await openSteadyClock(folder, later)).now()).toBe(end);
});

test("the database's own time sets it, forward and back; nothing else sets it back", async () => {
  const folder = temporaryFolder();
  const wall = handClock();
  const clock = await openSteadyClock(folder, wall);
  const start = clock.now();
  await clock.believe(start + hour);
  expect(clock.now()).toBe(start + hour);
  await clock.believe(start);
  expect(clock.now()).toBe(start);
  wall.setWall(start - hour);
  expect(clock.now()).toBe(start);
});

test.each(["", "{", '{"latest":"soon"}'])("a damaged note %j leaves the wall clock", async (text) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "latest-moment.json"), text);
  const wall = handClock();
  expect((await openSteadyClock(folder, wall)).now()).toBe(wall.now().getTime());
});
