import { describe, expect, test } from "vitest";
import { emptyDraft, judge } from "../../../../renderer/people/new-person";
import {
  endedWords,
  type PeopleFilter,
  peopleFound,
  ruleSentence,
  stateOf,
  stateSentence,
} from "../../../../renderer/people/people-words";
import { personActs } from "../../../../renderer/people/person-acts";
import type { StaffAccount } from "../../../../shared/account/account";

const now = new Date("2026-04-05T09:05:00+01:00").getTime();
const later = new Date(now + 12 * 60_000).toISOString();
const earlier = new Date(now - 1).toISOString();

const nurse: StaffAccount = {
  staffId: "STF003",
  username: "demo_nurse",
  name: "Grace Miller",
  role: "Nurse",
  department: "Ward 5A",
  disabledAt: null,
  lockedUntil: null,
  secondFactor: false,
  hasPassword: true,
  mustChangePassword: false,
  openSessions: 0,
  lastSignInAt: null,
};

describe("the state of an account", () => {
  test("is the first thing that holds it back", () => {
    expect(stateOf(nurse, now)).toBe("active");
    expect(stateOf({ ...nurse, mustChangePassword: true }, now)).toBe("temporary-password");
    expect(stateOf({ ...nurse, lockedUntil: later, mustChangePassword: true }, now)).toBe("locked");
    expect(stateOf({ ...nurse, disabledAt: earlier, lockedUntil: later }, now)).toBe("disabled");
    expect(stateOf({ ...nurse, hasPassword: false }, now)).toBe("no-account");
    expect(stateSentence({ ...nurse, hasPassword: false }, now)).toBe("No account yet");
    expect(stateOf({ ...nurse, hasPassword: false, disabledAt: earlier }, now)).toBe("disabled");
  });

  test("a lock that is over holds nobody back, and one that is not says until when", () => {
    expect(stateOf({ ...nurse, lockedUntil: earlier }, now)).toBe("active");
    expect(stateSentence({ ...nurse, lockedUntil: later }, now)).toBe("Locked until 09:17 (wrong passwords)");
  });
});

describe("finding people", () => {
  const people: readonly StaffAccount[] = [
    nurse,
    { ...nurse, staffId: "STF002", username: "demo_doctor", name: "Helen Frost", role: "Doctor", openSessions: 2 },
    { ...nurse, staffId: "STF004", username: "demo_billing", name: "Tom Hale", role: "Billing", disabledAt: earlier },
    { ...nurse, staffId: "STF005", username: "demo_reception", name: "Ada Quinn", secondFactor: true },
  ];
  const ids = (typed: string, filter: PeopleFilter) =>
    peopleFound(people, typed, filter, now).map(({ staffId }) => staffId);

  test("every word must be somewhere in name, username, staff id, role or department", () => {
    expect(ids("", "everybody")).toHaveLength(4);
    expect(ids("MILLER ward", "everybody")).toEqual(["STF003"]);
    expect(ids("stf002", "everybody")).toEqual(["STF002"]);
    expect(ids("doctor", "everybody")).toEqual(["STF002"]);
    expect(ids("miller frost", "everybody")).toEqual([]);
  });

  test("filters show who they name; a disabled account is not asked for a second factor", () => {
    expect(ids("", "signed-in")).toEqual(["STF002"]);
    expect(ids("", "disabled")).toEqual(["STF004"]);
    expect(ids("", "no-second-factor")).toEqual(["STF003", "STF002"]);
    expect(ids("", "locked")).toEqual([]);
  });
});

describe("adding a person", () => {
  const draft = {
    name: " Eva Brandt ",
    staffId: "STF-77",
    username: "EBrandt",
    role: "Nurse",
    department: "5A",
  } as const;

  test("what was typed is tidied as the database will have it", () => {
    expect(judge(draft)).toEqual({ person: { ...draft, name: "Eva Brandt", username: "ebrandt" }, faults: {} });
  });

  test("each field that is missing says what to type, and each that is wrong says why", () => {
    const { person, faults } = judge(emptyDraft);
    expect(person).toBeNull();
    expect(Object.keys(faults).sort()).toEqual(["department", "name", "role", "staffId", "username"]);
    for (const words of Object.values(faults)) expect(words).toMatch(/^(?:Type|Choose) /u);
    expect(judge({ ...draft, username: "7 of nine" }).faults).toEqual({
      username: "Not taken: small letters, digits, dots and dashes, beginning with a letter.",
    });
    expect(Object.keys(judge({ ...draft, staffId: "S" }).faults)).toEqual(["staffId"]);
  });
});

describe("what an act means for the person", () => {
  test("everything that takes something away asks for a reason and warns; giving back does not", () => {
    for (const kind of ["disable", "reset-password", "reset-second-factor"] as const) {
      const words = personActs({ kind }, nurse);
      expect(words).toMatchObject({ danger: true, needsReason: true });
      expect(words.title).toContain("Grace Miller");
    }
    expect(personActs({ kind: "enable" }, nurse)).toMatchObject({ danger: false, needsReason: false });
  });

  test("a reset password says what is lost for good and what is kept", () => {
    const { consequences } = personActs({ kind: "reset-password" }, nurse);
    expect(consequences.some((each) => each.startsWith("Lost for good: chats"))).toBe(true);
    expect(consequences.some((each) => each.startsWith("Kept:"))).toBe(true);
  });

  test("ending sessions says that it keeps nobody out", () => {
    const { consequences } = personActs({ kind: "end-sessions", session: null }, nurse);
    expect(consequences.join(" ")).toContain("can sign in again");
  });
});

test("ended sessions are counted in words, and none is not a success", () => {
  expect(endedWords(0)).toBe("No session was open any more.");
  expect(endedWords(1)).toContain("1 session ended");
  expect(endedWords(3)).toContain("3 sessions ended");
});

test("a rule says what it means from now on", () => {
  expect(ruleSentence({ role: "Nurse", secondFactor: "required", badge: "with-code" })).toBe(
    "Nurse: needs a second factor from the next sign-in; a badge and a one-time code unlock without the password.",
  );
  expect(ruleSentence({ role: "Auditor", secondFactor: "optional", badge: "off" })).toContain("a badge opens nothing");
});
