import { beforeEach, describe, expect, test } from "vitest";
import { createDraftStore, type DraftPort, type DraftStore } from "../../../renderer/drafts/draft-store";
import type { DraftContent, DraftsView } from "../../../shared/drafts/draft";

const text = (note: string, start = note.length): DraftContent => ({
  version: 1,
  fields: { note },
  caret: { field: "note", start, end: start, direction: "none", scroll: 0, focused: true },
});

/** The other side of the bridge, one message at a time under the test's hands. */
function harness() {
  const sent: { name: string; input: Record<string, unknown>; answer: (value: unknown) => void; fail: () => void }[] =
    [];
  const timers: { work: () => void; at: number }[] = [];
  let now = 0;
  let changed: () => void = () => undefined;
  const port: DraftPort = {
    call: (name, input) =>
      new Promise((resolve, reject) => {
        sent.push({
          name,
          input: input as Record<string, unknown>,
          answer: (value) => resolve(value as never),
          fail: () => reject(new Error("refused")),
        });
      }),
    onChanged: (listener) => {
      changed = listener;
      return () => undefined;
    },
    later: (work, milliseconds) => void timers.push({ work, at: now + milliseconds }),
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    store: createDraftStore(port, () => now),
    sent,
    changed: () => changed(),
    async pass(milliseconds: number) {
      now += milliseconds;
      for (const timer of timers.splice(0))
        if (timer.at <= now) timer.work();
        else timers.push(timer);
      await settle();
    },
    async answerLast(value: unknown) {
      sent.at(-1)?.answer(value);
      await settle();
    },
    async failLast() {
      sent.at(-1)?.fail();
      await settle();
    },
    kept: () =>
      sent
        .filter(({ name }) => name === "drafts.keep")
        .map(({ input }) => (input["content"] as DraftContent).fields["note"]),
  };
}
const view = (note?: string): DraftsView => ({
  drafts: note === undefined ? [] : [{ place: "a", savedAt: "2026-04-05T09:05:00.000Z", ...text(note) }],
  sealed: 0,
  kept: true,
});

let world: ReturnType<typeof harness>;
let store: DraftStore;
beforeEach(async () => {
  world = harness();
  store = world.store;
});

describe("what is typed", () => {
  test("leaves at once, one message at a time, and the newest behind it", async () => {
    for (const note of ["h", "he", "hel", "hell", "hello"]) store.keep("a", text(note));
    expect(world.kept()).toEqual(["h"]);
    await world.answerLast({ kept: true });
    expect(world.kept()).toEqual(["h", "hello"]);
  });

  test("a caret that wanders is told now and then, and where it stops for certain", async () => {
    store.keep("a", text("hello", 5));
    await world.answerLast({ kept: true });
    for (const start of [4, 3, 2, 1]) store.keep("a", text("hello", start));
    expect(world.kept()).toHaveLength(1);
    await world.pass(100);
    expect(world.kept()).toHaveLength(2);
    expect(world.sent.at(-1)?.input["content"]).toEqual(text("hello", 1));
  });

  test("is sent again after a refusal, unless something newer goes", async () => {
    store.keep("a", text("one"));
    await world.failLast();
    await world.pass(5000);
    expect(world.kept()).toEqual(["one", "one"]);
    await world.failLast();
    store.keep("a", text("two"));
    expect(world.kept()).toEqual(["one", "one", "two"]);
  });

  test("that cannot be kept is said", async () => {
    store.keep("a", text("one"));
    await world.answerLast({ kept: false });
    expect(store.keeping().full).toBe(true);
    store.keep("b", text("one"));
    await world.answerLast({ kept: true });
    expect(store.keeping().full).toBe(true);
    store.keep("a", text("shorter"));
    await world.answerLast({ kept: true });
    expect(store.keeping().full).toBe(false);
  });
});

describe("what is sent or discarded", () => {
  test("is shredded behind the message that was on its way, never before it", async () => {
    store.keep("a", text("one"));
    store.shred("a");
    expect(world.sent.map(({ name }) => name)).toEqual(["drafts.list", "drafts.keep"]);
    await world.answerLast({ kept: true });
    expect(world.sent.map(({ name }) => name)).toEqual(["drafts.list", "drafts.keep", "drafts.shred"]);
    expect(store.held("a")).toBeUndefined();
  });

  test("is shredded also when the first attempt fails, and not if something new was typed since", async () => {
    store.keep("a", text("one"));
    await world.answerLast({ kept: true });
    store.shred("a");
    await world.failLast();
    await world.pass(5000);
    expect(world.sent.filter(({ name }) => name === "drafts.shred")).toHaveLength(2);
    await world.failLast();
    store.keep("a", text("new"));
    await world.answerLast({ kept: true });
    await world.pass(5000);
    expect(world.sent.at(-1)?.name).toBe("drafts.keep");
  });
});

describe("what comes back", () => {
  test("is there with the moment when it was typed, until this page writes the place itself", async () => {
    await world.answerLast(view("from before"));
    expect(store.held("a")).toEqual({ content: text("from before"), cameBackFrom: "2026-04-05T09:05:00.000Z" });
    expect(store.places()).toEqual(["a"]);
    store.keep("a", text("from before, and on"));
    expect(store.held("a")?.cameBackFrom).toBeNull();
  });

  test("does not overwrite what this page has typed or shredded meanwhile", async () => {
    const [list] = world.sent;
    store.keep("a", text("typed first"));
    list?.answer(view("from before"));
    await world.pass(0);
    expect(store.held("a")?.content).toEqual(text("typed first"));
    store.shred("a");
    world.changed();
    await world.answerLast(view("from before"));
    expect(store.held("a")).toBeUndefined();
  });

  test("is gone when it was sent elsewhere before a form of this page took it", async () => {
    await world.answerLast(view("sent elsewhere"));
    world.changed();
    await world.answerLast(view());
    expect(store.held("a")).toBeUndefined();
    expect(store.places()).toEqual([]);
  });

  test("may come later, and is asked for again when it could not be asked", async () => {
    await world.failLast();
    await world.pass(5000);
    await world.answerLast(view());
    expect(store.held("a")).toBeUndefined();
    world.changed();
    await world.answerLast(view("from the database"));
    expect(store.held("a")?.content.fields["note"]).toBe("from the database");
  });
});
