import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createActivity } from "../../../electron/session/activity";
import { type HandClock, handClock } from "./hand-clock";

let clock: HandClock;
let beats: number[];
let locked: string[];
let began: number;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
  clock = handClock();
  began = clock.monotonic();
  beats = [];
  locked = [];
});
afterEach(() => {
  vi.useRealTimers();
});

function seconds(count: number): void {
  for (let second = 0; second < count; second += 1) {
    clock.pass(1000);
    vi.advanceTimersByTime(1000);
  }
}
function activity() {
  const made = createActivity({
    clock,
    limitSeconds: 900,
    heartbeat: async () => void beats.push((clock.monotonic() - began) / 1000),
    onWarning: () => undefined,
    onIdle: (reason) => void locked.push(reason),
  });
  made.start();
  return made;
}

test("somebody who types for an hour is told to the database once a minute, and is not locked out", () => {
  const { input } = activity();
  for (let second = 0; second < 3600; second += 1) {
    input();
    seconds(1);
  }
  expect(beats.length).toBeGreaterThan(55);
  expect(beats.length).toBeLessThanOrEqual(60);
  expect(beats.every((beat, index) => index === 0 || beat - (beats[index - 1] ?? 0) >= 60)).toBe(true);
  expect(locked).toEqual([]);
});

test("without input nobody is told to be there", () => {
  activity();
  seconds(899);
  expect(beats).toEqual([]);
});

test("the last input of a minute is told at its end, so that the database does not end a session that the workstation keeps", () => {
  const { input } = activity();
  seconds(59);
  input();
  seconds(898);
  // The workstation is still open here; the database must have heard of her within its own fifteen minutes.
  expect(locked).toEqual([]);
  input();
  const heard = [0, ...beats];
  const gaps = heard.map((beat, index) => (heard[index + 1] ?? 957) - beat);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(900);
});

test("after it was stopped nothing is told any more, also not what waited", () => {
  const { input, stop } = activity();
  seconds(10);
  input();
  stop();
  input();
  seconds(1000);
  expect(beats).toEqual([]);
  expect(locked).toEqual([]);
});
