import { expect, test } from "vitest";
import { createPulse } from "../../../electron/session/pulse";
import type { Session } from "../../../electron/session/session";
import { Refusal } from "../../../shared/failure";
import type { Pulse } from "../../../shared/session/pulse";
import { handClock } from "./hand-clock";

const until = "2026-04-05T08:00:00.000Z";
const nora = () => ({ staffId: "STF010" });
const omar = () => ({ staffId: "STF011" });
const quiet: Pulse = { alerts: 0, reviews: 0, breakGlass: null };
const withChart = (patientId: string): Pulse => ({ ...quiet, breakGlass: { patientId, until } });

/** Who is at the workstation, and a database whose answers come when the test says so. */
function workstation() {
  let person: { staffId: string } | undefined;
  let offline = false;
  const asked: { resolve: (pulse: Pulse) => void }[] = [];
  const heard: Pulse[] = [];
  const session = {
    get kind() {
      return person ? "active" : "locked";
    },
    get isOffline() {
      return offline;
    },
    person: () => {
      if (!person) throw new Refusal("LOCKED");
      return person;
    },
    databaseToken: () => {
      if (offline) throw new Refusal("OFFLINE");
      return `token of ${person?.staffId}`;
    },
    guarded: (work: () => Promise<unknown>) => work(),
    renewTokens: async () => undefined,
  } as unknown as Session;
  const statement = () =>
    new Promise<{ pulse: Pulse }[]>((resolve) => asked.push({ resolve: (pulse) => resolve([{ pulse }]) }));
  const pulse = createPulse({
    session,
    database: { statement } as never,
    clock: handClock(),
    onChange: (now) => heard.push(now),
  });
  return {
    pulse,
    heard,
    comes(next: { staffId: string } | undefined, without = false) {
      person = next;
      offline = without;
    },
    async says(told: Pulse) {
      const beat = pulse.beat();
      asked.pop()?.resolve(told);
      await beat;
    },
    /** One that is asked and not answered yet. */
    hangs() {
      const beat = pulse.beat();
      const question = asked.pop();
      return async (told: Pulse) => {
        question?.resolve(told);
        await beat;
      };
    },
  };
}

test("what one person was told is not told to the next, however quickly they follow", async () => {
  const here = workstation();
  here.comes(nora());
  await here.says(withChart("FCE57"));
  expect(here.pulse.last().breakGlass?.patientId).toBe("FCE57");
  here.comes(omar());
  expect(here.pulse.last()).toEqual(quiet);
  here.comes(nora(), true);
  expect(here.pulse.last()).toEqual(quiet);
});

test("an answer that comes after a lock is nobody's, and keeps nobody from being asked", async () => {
  const here = workstation();
  here.comes(nora());
  const late = here.hangs();
  here.comes(undefined);
  here.comes(omar());
  await here.says({ ...quiet, alerts: 2 });
  await late(withChart("FCE57"));
  expect(here.pulse.last()).toEqual({ ...quiet, alerts: 2 });
  expect(JSON.stringify(here.heard)).not.toContain("FCE57");
});

test("an emergency that ended behind the lock is told after it, until it was read", async () => {
  const here = workstation();
  here.comes(nora());
  await here.says(withChart("FCE57"));
  here.comes(undefined);
  await here.pulse.beat();
  here.comes(omar());
  await here.says(quiet);
  expect(here.pulse.last()).toEqual(quiet);
  for (let unlock = 0; unlock < 2; unlock += 1) {
    here.comes(undefined);
    here.comes(nora());
    await here.says(quiet);
    expect(here.pulse.last()).toEqual({ ...quiet, emergencyEnded: "FCE57" });
    expect(here.heard.at(-1)).toEqual({ ...quiet, emergencyEnded: "FCE57" });
    // Interrupted again before it was read.
  }
  here.pulse.endRead();
  expect(here.pulse.last()).toEqual(quiet);
  here.comes(undefined);
  here.comes(nora());
  await here.says(quiet);
  expect(here.pulse.last()).toEqual(quiet);
});

test("one that goes on behind the lock, or is ended on the screen, is no news afterwards", async () => {
  const here = workstation();
  here.comes(nora());
  await here.says(withChart("FCE57"));
  here.comes(nora());
  await here.says(withChart("FCE57"));
  expect(here.pulse.last()).toEqual(withChart("FCE57"));
  await here.says(quiet);
  here.comes(nora());
  await here.says(quiet);
  expect(here.pulse.last()).toEqual(quiet);
});
