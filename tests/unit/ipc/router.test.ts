import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Handlers, type RouterOptions, routeCommands } from "../../../electron/ipc/router";
import { Refusal } from "../../../shared/failure";
import { commands } from "../../../shared/ipc/contract";
import type { SessionNeed } from "../../../shared/ipc/define";

const wire = vi.hoisted(() => ({ listeners: new Map<string, (...given: unknown[]) => Promise<unknown>>() }));
vi.mock("electron", () => ({
  ipcMain: {
    handle: (channel: string, listener: (...given: unknown[]) => Promise<unknown>) =>
      wire.listeners.set(channel, listener),
  },
}));

/** What the handlers were given, in order. */
let handled: { name: string; input: unknown }[];
let session: SessionNeed;
let answerOf: (name: string) => unknown;
let options: RouterOptions;
beforeEach(() => {
  wire.listeners.clear();
  handled = [];
  session = "active";
  answerOf = () => ({});
  const handlers = Object.fromEntries(
    Object.keys(commands).map((name) => [
      name,
      async (input: unknown) => {
        handled.push({ name, input });
        return answerOf(name);
      },
    ]),
  ) as unknown as Handlers;
  options = {
    handlers,
    isOurs: () => true,
    mayPass: () => true,
    requireSession: async (need) => {
      if (need !== "none" && need !== session) throw new Refusal(session === "locked" ? "LOCKED" : "NOT_SIGNED_IN");
    },
    logUnexpected: () => "ref-1",
  };
});

function call(name: unknown, input: unknown = {}, changed: Partial<RouterOptions> = {}) {
  routeCommands({ ...options, ...changed });
  const listener = wire.listeners.get("ward.call");
  return listener?.({ sender: {} }, name, input) as Promise<{
    ok: boolean;
    failure?: { code: string; message: string; reference?: string };
  }>;
}
const codeOf = async (answer: ReturnType<typeof call>) => (await answer).failure?.code;

test("there is one channel, and a command that is in order is answered", async () => {
  expect(await call("session.lock")).toEqual({ ok: true, value: {} });
  expect([...wire.listeners.keys()]).toEqual(["ward.call"]);
  expect(handled).toEqual([{ name: "session.lock", input: {} }]);
});

describe("refused before any handler runs:", () => {
  test("a sender that is not our own page", async () => {
    expect(await codeOf(call("app.status", {}, { isOurs: () => false }))).toBe("INVALID_INPUT");
  });
  test("a page that runs wild", async () => {
    expect(await codeOf(call("app.status", {}, { mayPass: () => false }))).toBe("TOO_MANY_REQUESTS");
  });
  test.each(["no.such.command", "__proto__", "constructor", "toString", 7, null, { name: "app.status" }])(
    "the name %j",
    async (name) => {
      expect(await codeOf(call(name))).toBe("INVALID_INPUT");
    },
  );
  test("every command that needs an active session, while the workstation is locked or nobody is signed in", async () => {
    for (const [state, code] of [
      ["locked", "LOCKED"],
      ["none", "NOT_SIGNED_IN"],
    ] as const) {
      session = state;
      for (const [name, { session: need }] of Object.entries(commands))
        if (need === "active") expect(await codeOf(call(name, { any: "thing" })), name).toBe(code);
    }
  });
  test("every command of the lock page while the workstation is not locked", async () => {
    for (const name of ["session.lockView", "session.unlock", "session.switchUser"])
      expect(await codeOf(call(name, { password: "x" }))).toBe("NOT_SIGNED_IN");
  });
  test("a session that does not fit is told before the input is looked at", async () => {
    session = "locked";
    expect(await codeOf(call("tool.call", "x".repeat(1_000_000)))).toBe("LOCKED");
  });
  test("what is too large, misses a field, has one too many or is of another type", async () => {
    for (const input of [
      "x".repeat(300_000),
      {},
      { chatId: 7 },
      { chatId: "3b241101-e2bb-4255-8caf-4136c566a962", more: 1 },
      null,
      [],
    ])
      expect(await codeOf(call("chats.open", input))).toBe("INVALID_INPUT");
    expect(await codeOf(call("session.signIn", { username: "a", password: 1234 }))).toBe("INVALID_INPUT");
  });
  test.afterEach?.(() => expect(handled).toEqual([]));
});

test("what a handler answers outside its schema never reaches the page", async () => {
  answerOf = () => ({ chats: [{ secret: "900-12-1234" }] });
  const answer = await call("chats.list");
  expect(answer).toMatchObject({ ok: false, failure: { code: "UNEXPECTED", reference: "ref-1" } });
  expect(JSON.stringify(answer)).not.toContain("900-12");
});

test("an error crosses as a code and a reference, never by its own words", async () => {
  answerOf = () => {
    throw new Error("insert into patient_identity failed: 900-12-1234");
  };
  const answer = await call("chats.list");
  expect(answer.failure).toMatchObject({ code: "UNEXPECTED", reference: "ref-1" });
  expect(JSON.stringify(answer)).not.toContain("900-12");
});

test("what was asked before a lock is not answered after it", async () => {
  answerOf = () => {
    session = "locked";
    return { chats: [] };
  };
  expect(await codeOf(call("chats.list"))).toBe("LOCKED");
});

test("locking and signing out are answered although the session is gone by then", async () => {
  answerOf = () => {
    session = "none";
    return {};
  };
  for (const name of ["session.lock", "session.signOut"]) {
    session = "active";
    expect((await call(name)).ok).toBe(true);
  }
});
