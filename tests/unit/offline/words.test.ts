import { expect, test } from "vitest";
import { checkOutbox } from "../../../electron/health/outbox-check";
import { attentionWords, awayWords, backWords, waitingHereWords } from "../../../renderer/offline/offline-words";
import { resuscitationWords } from "../../../renderer/patient/banner-words";
import { commands } from "../../../shared/ipc/contract";
import type { OfflineState } from "../../../shared/offline/offline-state";
import { worksOffline } from "../../../shared/offline/works-offline";
import { handClock } from "../session/hand-clock";

const there: OfflineState = {
  awaySince: null,
  session: false,
  canSignIn: true,
  until: "2026-04-05T14:02:00.000Z",
  wardAsOf: "2026-04-05T01:10:00.000Z",
  waiting: 0,
  attention: 0,
  sent: null,
  notice: null,
};
const away: OfflineState = { ...there, awaySince: "2026-04-05T01:14:00.000Z", session: true };

test("while the network is away the banner says what is known, and no more", () => {
  expect(awayWords({ ...away, waiting: 3 })?.join(" ")).toBe(
    "The network is away since 02:14. You see the ward as of 02:10. 3 sets of vital signs wait here to be sent. You can work like this until 15:02.",
  );
  expect(awayWords({ ...away, waiting: 1 })?.[2]).toBe("1 set of vital signs waits here to be sent.");
  expect(awayWords({ ...away, wardAsOf: null })?.[1]).toBe("This workstation holds no copy of a ward for you.");
  expect(awayWords({ ...away, session: false })?.[1]).toBe("A copy of the ward as of 02:10 can be read.");
  expect(awayWords(there)).toBeNull();
});

test("when it is back it says what was sent, and what was not taken", () => {
  expect(backWords(there)).toBeNull();
  expect(backWords({ ...there, sent: { count: 3, at: "2026-04-05T02:20:00.000Z" } })).toBe(
    "The network is back. Sent 3 sets of vital signs at 03:20.",
  );
  expect(backWords({ ...there, waiting: 2, sent: { count: 1, at: "2026-04-05T02:20:00.000Z" } })).toBe(
    "The network is back. Sent 1 set of vital signs at 03:20. 2 sets of vital signs still wait here to be sent.",
  );
  expect(backWords({ ...away, sent: { count: 3, at: "2026-04-05T02:20:00.000Z" } })).toBeNull();
  expect([0, 1, 2].map(attentionWords)).toEqual([
    null,
    "1 set could not be sent and needs attention.",
    "2 sets could not be sent and need attention.",
  ]);
});

test("no decision about resuscitation is never called one", () => {
  expect([null, "attempt-cpr", "do-not-attempt-cpr"].map((status) => resuscitationWords(status as never))).toEqual([
    "Not recorded",
    "Attempt CPR",
    "Do not attempt CPR",
  ]);
});

test("every command that works offline exists, and none that discloses from the database is among them", () => {
  const named = Object.keys(commands).filter(worksOffline);
  expect(named.length).toBeGreaterThan(8);
  // Whoever leaves, or makes room for a colleague, needs no network for it.
  for (const name of ["session.lock", "session.lockAndSwitch", "session.signOut"]) expect(named).toContain(name);
  for (const name of [
    "tool.call",
    "identity.reveal",
    "console.call",
    "assistant.ask",
    "chats.list",
    "patients.admit",
    "people.list",
  ])
    expect(named, name).not.toContain(name);
  expect(
    named.filter((name) => /^(?:tool|identity|audit|alerts|breakGlass|chats|assistant|people|import)\b/u.test(name)),
  ).toEqual([]);
});

test("health tells counts and ages of the outbox, and says when nobody looked", async () => {
  const clock = handClock();
  const figures = { waiting: 0, attention: 0, oldest: null as string | null, guarded: true };
  const check = (change: Partial<typeof figures>) => checkOutbox(async () => ({ ...figures, ...change }), clock);
  expect((await checkOutbox(undefined, clock)).state).toBe("not-checked");
  expect(await check({})).toMatchObject({ state: "good", message: "Nothing waits here to be sent." });
  const recent = new Date(clock.now().getTime() - 5 * 60_000).toISOString();
  const old = new Date(clock.now().getTime() - 90 * 60_000).toISOString();
  expect(await check({ waiting: 2, oldest: recent })).toMatchObject({
    state: "good",
    figures: { oldest_age_minutes: 5 },
  });
  expect((await check({ waiting: 2, oldest: old })).state).toBe("warning");
  expect(await check({ attention: 1 })).toMatchObject({ state: "warning", figures: { needs_attention: 1 } });
});

test("beside a score of the copy stands how many sets of one's own it does not know of", () => {
  expect(waitingHereWords(0)).toBeNull();
  expect(waitingHereWords(1)).toBe("1 set of yours waits here to be sent and is not in this score. See Vitals.");
  expect(waitingHereWords(2)).toContain("2 sets of yours wait");
});
