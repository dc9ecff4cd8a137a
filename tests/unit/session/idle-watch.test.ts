import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { warningAfter, watchIdle } from "../../../electron/session/idle-watch";
import { type HandClock, handClock } from "./hand-clock";

let clock: HandClock;
let locked: string[];
let warnings: (number | null)[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  clock = handClock();
  locked = [];
  warnings = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const start = (limitSeconds = 900) =>
  watchIdle({
    clock,
    limitSeconds,
    onWarning: (left) => warnings.push(left),
    onIdle: (reason) => locked.push(reason),
    every: 1000,
  });

/** Seconds pass, one look at the clocks a second; `which` clocks stand still may be said. */
function seconds(count: number, which?: Parameters<HandClock["pass"]>[1]): void {
  for (let second = 0; second < count; second += 1) {
    clock.pass(1000, which);
    vi.advanceTimersByTime(1000);
  }
}

test("an unattended workstation warns at fourteen minutes and locks at fifteen, once", () => {
  start();
  seconds(839);
  expect(warnings).toEqual([]);
  seconds(1);
  expect(warnings).toEqual([60]);
  seconds(59);
  expect(warnings.at(-1)).toBe(1);
  expect(locked).toEqual([]);
  seconds(600);
  expect(locked).toEqual(["idle"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("input puts the lock off by the whole limit and takes the warning away", () => {
  const watch = start();
  seconds(850);
  watch.input();
  expect(warnings.at(-1)).toBeNull();
  expect(watch.idleFor()).toBe(0);
  seconds(899);
  expect(locked).toEqual([]);
  seconds(1);
  expect(locked).toEqual(["idle"]);
});

test("input without a warning announces nothing", () => {
  const watch = start();
  seconds(10);
  watch.input();
  expect(warnings).toEqual([]);
});

describe("it locks in time although", () => {
  test("the wall clock stands still", () => {
    start();
    seconds(900, { wall: false });
    expect(locked).toEqual(["idle"]);
  });
  test("the wall clock is set back ten minutes, an hour, a year", () => {
    for (const back of [600_000, 3_600_000, 31_536_000_000]) {
      locked = [];
      clock = handClock();
      start();
      seconds(450);
      clock.setWall(clock.now().getTime() - back);
      seconds(449);
      expect(locked).toEqual([]);
      seconds(1);
      expect(locked).toEqual(["idle"]);
    }
  });
  test("the process's own clock runs at a tenth of its speed", () => {
    start();
    for (let second = 0; second < 900; second += 1) {
      clock.pass(1000, { monotonic: false });
      clock.pass(100, { wall: false, uptime: false });
      vi.advanceTimersByTime(1000);
      if (second < 5) expect(locked).toEqual([]);
    }
    expect(locked).toHaveLength(1);
  });
  test("both other clocks stand still and only the process's goes on", () => {
    start();
    seconds(900, { wall: false, uptime: false });
    expect(locked).toEqual(["idle"]);
  });
  test("its timer fired only once, long after the limit", () => {
    start();
    clock.pass(3_600_000);
    vi.advanceTimersByTime(1000);
    expect(locked).toEqual(["idle"]);
  });
});

test("a wall clock set forward past the limit locks at the next look, because it may be right", () => {
  start();
  seconds(5);
  clock.setWall(clock.now().getTime() + 900_000);
  seconds(1);
  expect(locked).toEqual(["idle"]);
});

test("a machine that slept locks on waking, also after a short sleep", () => {
  start();
  seconds(30);
  clock.pass(6000, { monotonic: false });
  vi.advanceTimersByTime(1000);
  expect(locked).toEqual(["suspend"]);
});

test("a machine that slept past the limit locks as idle", () => {
  start();
  clock.pass(3_600_000, { monotonic: false });
  vi.advanceTimersByTime(1000);
  expect(locked).toEqual(["idle"]);
});

test("a busy machine whose timers are late is not one that slept", () => {
  start();
  for (let late = 0; late < 10; late += 1) {
    clock.pass(20_000);
    vi.advanceTimersByTime(1000);
  }
  expect(locked).toEqual([]);
});

test("after it was stopped nothing locks and nothing warns", () => {
  start().stop();
  seconds(2000);
  expect([locked, warnings]).toEqual([[], []]);
});

test("the warning comes a minute before the limit, or at four fifths of a short one", () => {
  expect([900, 600, 300, 60, 10].map(warningAfter)).toEqual([840, 540, 240, 48, 8]);
});

describe("a stopped process that goes on after the limit", () => {
  test("locks at the first input that waited for it, before the timer fired", () => {
    const watch = start();
    seconds(10);
    clock.pass(890_000);
    watch.input();
    expect(locked).toEqual(["idle"]);
    watch.input();
    seconds(1);
    expect(locked).toEqual(["idle"]);
  });
  test("is not awake for the first question, before the timer fired", () => {
    const watch = start();
    seconds(10);
    expect(watch.isAwake()).toBe(true);
    clock.pass(890_000);
    expect(watch.isAwake()).toBe(false);
    expect(locked).toEqual(["idle"]);
  });
});

/** How each clock may go wrong: milliseconds it shows after so many of real time. */
const courses: Readonly<Record<string, (real: number) => number>> = {
  right: (real) => real,
  frozen: (real) => Math.min(real, 3000),
  "at a tenth of its speed": (real) => real / 10,
  "set back ten minutes": (real) => (real < 3000 ? real : real - 600_000),
  "set forward a year": (real) => (real < 3000 ? real : real + 31_536_000_000),
};

/** A clock whose three hands go each their own way over one real time. */
function wrongClock(wall: string, monotonic: string, uptime: string) {
  let real = 0;
  const course = (name: string) => (courses[name] as (real: number) => number)(real);
  return {
    pass: (milliseconds: number) => {
      real += milliseconds;
    },
    now: () => new Date(Date.UTC(2026, 3, 5, 9, 5) + course(wall)),
    monotonic: () => 5000 + course(monotonic),
    uptime: () => 9_000_000 + course(uptime),
  };
}

const names = Object.keys(courses);
// While one hand goes right, whatever the others do; the last one is each of the three in turn.
const combinations = names.flatMap((one) =>
  names.flatMap((other) => [
    ["right", one, other],
    [one, "right", other],
    [one, other, "right"],
  ]),
) as [string, string, string][];

test.each(combinations)(
  "wall clock %s, process's clock %s, machine's clock %s: locked by the limit and two seconds, with questions and made-up events every second",
  (wall, monotonic, uptime) => {
    const hands = wrongClock(wall, monotonic, uptime);
    const watch = watchIdle({
      clock: hands,
      limitSeconds: 60,
      onWarning: () => undefined,
      onIdle: (reason) => locked.push(reason),
    });
    let real = 0;
    while (locked.length === 0 && real < 120_000) {
      real += 1000;
      hands.pass(1000);
      vi.advanceTimersByTime(1000);
      watch.isAwake();
    }
    expect(real).toBeLessThanOrEqual(62_000);
    expect(watch.isAwake()).toBe(false);
  },
);
