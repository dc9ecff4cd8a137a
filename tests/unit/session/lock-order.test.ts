import { expect, test } from "vitest";
import { createLock, eachOf, type LockSteps } from "../../../electron/session/lock-order";

/** A workstation that notes what happens to it; `failing` steps throw, before or after they did their part. */
function workstation(failing: readonly string[] = [], half = false) {
  const done: string[] = [];
  const faults: string[] = [];
  let open = true;
  let page = "chart";
  let windows = 0;
  const step =
    (name: string, act: () => void = () => undefined) =>
    () => {
      if (failing.includes(name) && !half) throw new Error(`${name} is broken`);
      act();
      done.push(name);
      if (failing.includes(name)) throw new Error(`${name} is broken`);
    };
  const steps: LockSteps = {
    isOpen: () => open,
    cover: step("cover"),
    close: (reason) =>
      step("close", () => {
        open = false;
        done.push(`closed: ${reason}`);
      })(),
    stopWatching: step("watch"),
    replaceWindow: async () => {
      windows += 1;
      if (failing.includes("first windows") && windows < 3) throw new Error("no window");
      step("window", () => {
        page = open ? "chart" : "lock page";
      })();
    },
    giveUp: () => {
      page = "the app ended";
      open = false;
    },
    logUnexpected: (where) => void faults.push(where),
    pause: async () => undefined,
  };
  return { lock: createLock(steps), done, faults, isOpen: () => open, page: () => page };
}

test("opaque first, then closed, then the rest; and closed before the caller goes on", async () => {
  const { lock, done, isOpen, page } = workstation();
  const locked = lock("person");
  expect(isOpen()).toBe(false);
  expect(done).toEqual(["cover", "closed: person", "close", "watch"]);
  await locked;
  expect(done.at(-1)).toBe("window");
  expect(page()).toBe("lock page");
});

test("a machine about to sleep does not wait for a frame", () => {
  const { lock, done } = workstation();
  void lock("suspend");
  expect(done).toContain("window");
});

test("somebody else's sign-in follows a closed session only", async () => {
  const { lock, isOpen } = workstation();
  let openThen: boolean | undefined;
  await lock("person", () => {
    openThen = isOpen();
  });
  expect(openThen).toBe(false);
});

test("nobody signed in: nothing happens; twice: once", async () => {
  const { lock, done } = workstation();
  await Promise.all([lock("person"), lock("idle")]);
  expect(done.filter((name) => name === "window")).toHaveLength(1);
  await lock("person");
  expect(done.filter((name) => name === "close")).toHaveLength(1);
});

const steps = ["cover", "close", "watch", "window", "first windows"];
const sets = Array.from({ length: 2 ** steps.length }, (_, bits) => steps.filter((_step, at) => bits & (1 << at)));
test.each(sets.flatMap((failing) => [false, true].map((half) => ({ failing, half }))))(
  "it ends locked, or ends the app, when %j fails",
  async ({ failing, half }) => {
    const { lock, isOpen, page, faults } = workstation(failing, half);
    await lock("idle");
    expect(isOpen()).toBe(false);
    expect(page()).not.toBe("chart");
    const hopeless = !half && (failing.includes("close") || failing.includes("window"));
    if (hopeless) expect(page()).toBe("the app ended");
    else if (!failing.includes("window")) expect(page()).toBe("lock page");
    for (const name of failing.filter((one) => ["cover", "close"].includes(one)))
      expect(faults).toContain(`lock: ${name}`);
  },
);

test("each of several steps is taken although others fail", () => {
  const taken: number[] = [];
  const faults: string[] = [];
  eachOf(
    [1, 2, 3].map((number) => () => {
      taken.push(number);
      if (number < 3) throw new Error("broken");
    }),
    (where) => void faults.push(where),
  );
  expect(taken).toEqual([1, 2, 3]);
  expect(faults).toHaveLength(2);
});
