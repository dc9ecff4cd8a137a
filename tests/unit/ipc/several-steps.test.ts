import { beforeEach, expect, test } from "vitest";
import type { Database } from "../../../electron/database/pool";
import { createAccountHandlers } from "../../../electron/ipc/account-handlers";
import { createVitalSignsHandlers } from "../../../electron/ipc/vital-signs-handlers";
import type { Session } from "../../../electron/session/session";
import { Refusal } from "../../../shared/failure";

/** What one person began is not finished as the next, however long its answer takes. */
let here: { staffId: string; username: string } | undefined;
let locked = false;
let signedOut: string[];
beforeEach(() => {
  here = nora;
  locked = false;
  signedOut = [];
});

const nora = { staffId: "STF010", username: "nora" };
const omar = { staffId: "STF011", username: "omar" };
const session = {
  get kind(): string {
    return here === undefined ? "signed-out" : locked ? "locked" : "active";
  },
  person: (): typeof nora => {
    if (here === undefined || locked) throw new Refusal("LOCKED");
    return here;
  },
  lockView: (): object => ({ person: here }),
  databaseToken: (): string => `token of ${here?.staffId}`,
  heldFieldKeys: () => undefined,
  guarded: (work: () => Promise<unknown>) => work(),
  signOut: async () => signedOut.push(String(here?.staffId)),
} as unknown as Session;
const sender = undefined as never;
const refusal = (code: string) => ({ failure: { code } });

const set = {
  submission: "0196043f-4c51-7000-8000-000000000001",
  patient_id: "FCE57",
  recorded_at: "2026-04-05T09:00:00.000Z",
  set: {} as never,
};

/** A line that hangs until the test says that it is gone. */
function hangingDatabase() {
  let give: (error: Error) => void = () => undefined;
  const hang = () =>
    new Promise<never>((_, reject) => {
      give = reject;
    });
  return {
    database: { statement: hang, request: hang } as unknown as Database,
    breaks: () => give(new Refusal("DATABASE_UNAVAILABLE")),
  };
}

function comes(next: typeof nora): void {
  here = next;
}
function locks(): void {
  locked = true;
}

test.each([
  ["the next person is signed in", () => comes(omar), []],
  ["the workstation is locked", locks, []],
  ["the same person is there", () => comes(nora), ["STF010"]],
] as const)("vital signs whose answer never came, when %s", async (_, change, kept) => {
  const { database, breaks } = hangingDatabase();
  const queued: string[] = [];
  const handlers = createVitalSignsHandlers({
    session,
    database,
    keepForLater: async () => {
      queued.push(String(here?.staffId));
    },
  });
  const answer = handlers["vitals.record"](set, sender);
  const outcome = answer.then(
    ({ state }) => state,
    (error: Refusal) => error.failure.code,
  );
  change();
  breaks();
  expect(await outcome).toBe(kept.length > 0 ? "queued" : "LOCKED");
  expect(queued).toEqual(kept);
});

function accountOf(during: () => void) {
  const account = { changePassword: async () => during() };
  let pages = 0;
  const handlers = createAccountHandlers({
    session,
    database: { statement: async () => [] } as never,
    account: account as never,
    onSignedOut: () => {
      pages += 1;
    },
  });
  return {
    change: () => handlers["account.changePassword"]({ current: "before", next: "after" }, sender),
    pages: () => pages,
  };
}

test("a password that was changed behind a lock signs nobody else out", async () => {
  const later = accountOf(() => comes(omar));
  await expect(later.change()).rejects.toMatchObject(refusal("LOCKED"));
  expect(signedOut).toEqual([]);
  expect(later.pages()).toBe(0);
  here = nora;
  const own = accountOf(locks);
  await own.change();
  expect(signedOut).toEqual(["STF010"]);
  expect(own.pages()).toBe(1);
});
