import { expect, test } from "vitest";
import { ConnectionWatch } from "../../../electron/offline/connection-watch";
import { Refusal } from "../../../shared/failure";
import { handClock } from "../session/hand-clock";

const minute = 60_000;

test("an absence is remembered for as long as it explains an ended session, also across a sleep and a clock that is set", async () => {
  const clock = handClock();
  let away = false;
  const statement = async () => {
    if (away) throw new Refusal("DATABASE_UNAVAILABLE");
    return [{ version: "1" }];
  };
  const watch = new ConnectionWatch({
    database: { statement } as never,
    clock,
    unreachable: () => true,
    onChange: () => undefined,
  });
  const look = async (next: boolean) => {
    away = next;
    expect(await watch.look()).toBe(next);
  };
  await look(false);
  expect(watch.wasAwayFor(0)).toBe(false);
  await look(true);
  clock.pass(10 * minute);
  expect(watch.wasAwayFor(14 * minute)).toBe(false);
  // The machine sleeps, and somebody sets its clock back.
  clock.pass(5 * minute, { monotonic: false, wall: false });
  clock.setWall(0);
  expect(watch.wasAwayFor(14 * minute)).toBe(true);
  await look(false);
  expect(watch.wasAwayFor(14 * minute)).toBe(true);
  clock.pass(2 * minute);
  // What ends a session much later has another cause.
  expect(watch.wasAwayFor(14 * minute)).toBe(false);
  await look(true);
  clock.pass(minute);
  await look(false);
  expect(watch.wasAwayFor(14 * minute)).toBe(false);
});
