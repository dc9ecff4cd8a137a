import { beforeEach, expect, test } from "vitest";
import { MOST_WAITING, WaitingSessions } from "../../../electron/session/waiting";
import { type HandClock, handClock } from "./hand-clock";

const hour = 3_600_000;
let clock: HandClock;
let waiting: WaitingSessions;
beforeEach(() => {
  clock = handClock();
  waiting = new WaitingSessions(clock);
});

const session = (name: string, hoursAgo = 0) => ({
  sessionId: `session of ${name}`,
  locked: {
    person: { staffId: name.toUpperCase(), username: name, name, role: "Nurse" as const, department: "5A" },
    signedInAt: new Date(clock.now().getTime() - hoursAgo * hour).toISOString(),
    lockedAt: clock.now().toISOString(),
    reason: "person" as const,
  },
});

test("each person's session waits under their own name, whatever its letters, and shows no more than name and role", () => {
  waiting.keep(session("ann"));
  waiting.keep(session("ben"));
  expect(waiting.of(" ANN ")?.sessionId).toBe("session of ann");
  expect(waiting.of("nobody")).toBeUndefined();
  expect(waiting.list()).toEqual([
    { staffId: "ANN", name: "ann", role: "Nurse", since: clock.now().toISOString() },
    { staffId: "BEN", name: "ben", role: "Nurse", since: clock.now().toISOString() },
  ]);
  waiting.drop("ANN");
  expect(waiting.of("ann")).toBeUndefined();
  expect(waiting.usernameOf("BEN")).toBe("ben");
});

test("eight wait at the most; who waited longest gives way", () => {
  for (let number = 0; number <= MOST_WAITING; number += 1) waiting.keep(session(`person${number}`));
  expect(waiting.list()).toHaveLength(MOST_WAITING);
  expect(waiting.of("person0")).toBeUndefined();
  // Who comes and goes again waits anew, from the end of the row.
  waiting.keep(session("person1"));
  waiting.keep(session("another"));
  expect(waiting.of("person1")).toBeDefined();
  expect(waiting.of("person2")).toBeUndefined();
});

test.each([
  ["all three", {}],
  ["the wall clock alone", { monotonic: false, uptime: false }],
  ["the process's clock alone", { wall: false, uptime: false }],
  ["the machine's clock alone", { wall: false, monotonic: false }],
])("twelve hours after the sign-in it is shredded, told by %s", (_which, only) => {
  waiting.keep(session("ann", 5));
  clock.pass(7 * hour - 1000, only);
  expect(waiting.of("ann")).toBeDefined();
  clock.pass(2000, only);
  expect(waiting.of("ann")).toBeUndefined();
  expect(waiting.list()).toEqual([]);
});

test("a wall clock that is an hour behind the database's keeps nobody longer than twelve hours", () => {
  waiting.keep(session("ann", -1));
  clock.pass(12 * hour);
  expect(waiting.list()).toEqual([]);
});
