import { expect, test } from "vitest";
import { nextDue } from "../../../electron/records/medications";

const at = (text: string) => new Date(text);
const due = (times: readonly string[], now: string) => nextDue(times, at(now))?.getTime();

test("the next dose is the soonest of today's that is still to come", () => {
  expect(due(["20:00", "08:00", "14:00"], "2026-04-05T09:05:00")).toBe(at("2026-04-05T14:00:00").getTime());
  expect(due(["08:00"], "2026-04-05T07:59:59")).toBe(at("2026-04-05T08:00:00").getTime());
});

test("a dose due this very moment is given, so the next is tomorrow's", () => {
  expect(due(["08:00"], "2026-04-05T08:00:00")).toBe(at("2026-04-06T08:00:00").getTime());
});

test("after the last of the day comes the first of the next, over the end of a month and a year", () => {
  expect(due(["08:00", "20:00"], "2026-04-30T20:00:01")).toBe(at("2026-05-01T08:00:00").getTime());
  expect(due(["00:30"], "2026-12-31T23:59:00")).toBe(at("2027-01-01T00:30:00").getTime());
});

test("times are the ward's own, also across the nights when the clocks change", () => {
  // The tests run in London's time: on 29 March 2026 one o'clock is skipped, on 25 October it comes twice.
  expect(due(["08:00"], "2026-03-28T09:00:00Z")).toBe(Date.parse("2026-03-29T07:00:00Z"));
  expect(due(["08:00"], "2026-10-24T09:00:00+01:00")).toBe(Date.parse("2026-10-25T08:00:00Z"));
});

test("without times nothing is due", () => {
  expect(nextDue([], at("2026-04-05T09:05:00"))).toBeUndefined();
});
