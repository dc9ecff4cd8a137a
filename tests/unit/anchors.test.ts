import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  anchorFileName,
  appendAnchorLine,
  readAnchorFolder,
  readAnchorLines,
} from "../../electron/anchors/anchor-file";
import { replayAnchors } from "../../electron/anchors/anchor-history";
import { KnownKeys, newAnchorKey, openAnchorKey } from "../../electron/anchors/anchor-key";
import { AnchorConflict, Anchoring } from "../../electron/anchors/anchoring";
import { keptAnchorKey } from "../../electron/anchors/kept-key";
import { leafHash, merkleRoot } from "../../electron/anchors/merkle";
import { createAnchorSchedule } from "../../electron/anchors/schedule";
import type { AnchoredHead } from "../../shared/audit/anchor";

const installation = "22222222-2222-4222-8222-222222222222";
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const head = (number: number, sequence: number, content = ""): AnchoredHead => [
  `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  sequence,
  hashOf(`${number} ${sequence} ${content}`),
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-anchors-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the Merkle tree", () => {
  /** RFC 6962, section 2.1, word for word: split at the largest power of two below n. */
  function asWritten(leaves: readonly Buffer[]): Buffer {
    const sha256 = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
    if (leaves.length === 0) return sha256();
    if (leaves.length === 1) return leaves[0] as Buffer;
    let split = 1;
    while (split * 2 < leaves.length) split *= 2;
    return sha256(Buffer.from([1]), asWritten(leaves.slice(0, split)), asWritten(leaves.slice(split)));
  }

  test("is that of RFC 6962 for any number of heads, in whatever order they come", async () => {
    for (const count of [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100]) {
      const heads = Array.from({ length: count }, (_, number) => head(number, number + 1));
      const expected = asWritten(heads.map(leafHash)).toString("hex");
      expect(await merkleRoot(heads), String(count)).toBe(expected);
      expect(await merkleRoot([...heads].reverse()), String(count)).toBe(expected);
    }
  });

  test("takes no node for a leaf, and changes with every datum of a head", async () => {
    const [a, b] = [head(1, 1), head(2, 1)];
    const roots = await Promise.all(
      [[a, b], [a], [b], [a, head(2, 2)], [a, [b[0], 1, hashOf("x")] as AnchoredHead]].map((heads) =>
        merkleRoot(heads),
      ),
    );
    expect(new Set(roots).size).toBe(roots.length);
  });

  test("of two hundred thousand heads lets the window work on", async () => {
    const heads = Array.from({ length: 200_000 }, (_, number) => head(number, 1));
    // In this process's own time: what other programs take of the machine is no pause of ours.
    const worked = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    };
    let turns = 0;
    let longest = 0;
    let last = worked();
    let going = true;
    const turn = () => {
      turns += 1;
      longest = Math.max(longest, worked() - last);
      last = worked();
      if (going) setImmediate(turn);
    };
    setImmediate(turn);
    const began = worked();
    await merkleRoot(heads);
    going = false;
    console.info(`200,000 heads: ${Math.round(worked() - began)} ms, longest pause ${Math.round(longest)} ms`);
    expect(turns).toBeGreaterThan(50);
    expect(longest).toBeLessThan(2000);
  });
});

/** A database that knows nothing but heads. */
function world() {
  const state = { heads: [head(1, 3), head(2, 5)], recorded: [] as number[], since: [] as (Date | null)[] };
  const key = openAnchorKey(newAnchorKey());
  let now = Date.parse("2026-04-05T09:00:00Z");
  const clock = { now: () => new Date(now), monotonic: () => now, uptime: () => now };
  const anchoring = () =>
    new Anchoring({
      folder,
      key,
      clock,
      port: {
        begin: async () => ({
          installation,
          heads: async (since) => {
            state.since.push(since);
            return state.heads;
          },
          now: async () => new Date(now),
          record: async ({ number }) => void state.recorded.push(number),
        }),
      },
    });
  const file = () => join(folder, anchorFileName(installation, key.id));
  return { state, key, anchoring, file, later: (milliseconds: number) => (now += milliseconds) };
}
const replay = async (place: ReturnType<typeof world>) =>
  replayAnchors(await readAnchorLines(place.file()), new KnownKeys([place.key.publicKey]));

describe("anchors in a file", () => {
  test("each says what changed, continues the one before, and is believed by the public key that lies beside it", async () => {
    const place = world();
    const one = place.anchoring();
    expect(await one.write()).toMatchObject({ number: 1, chains: 2, changed: 2 });
    place.later(900_000);
    place.state.heads = [head(1, 3), head(2, 6), head(3, 1)];
    expect(await one.write()).toMatchObject({ number: 2, chains: 3, changed: 2 });
    // Another process that knows nothing but the file goes on where this one was.
    expect(await place.anchoring().write()).toMatchObject({ number: 3, chains: 3, changed: 0 });
    expect(place.state.recorded).toEqual([1, 2, 3]);
    expect(place.state.since.map((since) => since?.toISOString() ?? null)).toEqual([
      null,
      "2026-04-05T08:50:00.000Z",
      null,
    ]);
    const { publicKeys } = await readAnchorFolder(folder);
    const history = await replayAnchors(await readAnchorLines(place.file()), new KnownKeys(publicKeys));
    expect(history).toMatchObject({ faults: [], count: 3, installation });
    expect(history.points.map(({ chain, sequence, anchor }) => [chain.at(-1), sequence, anchor])).toEqual([
      ["1", 3, 1],
      ["2", 5, 1],
      ["2", 6, 2],
      ["3", 1, 2],
    ]);
    expect(statSync(place.file()).mode & 0o777).toBe(0o600);
  });

  test("a line that was being written when the machine stopped is no anchor, and the next one takes its place", async () => {
    const place = world();
    await place.anchoring().write();
    appendFileSync(place.file(), '{"statement":"{\\"kind\\":');
    expect(await replay(place)).toMatchObject({ count: 1, faults: [] });
    expect(await place.anchoring().write()).toMatchObject({ number: 2 });
    expect(await replay(place)).toMatchObject({ count: 2, faults: [] });
    const long = join(folder, "long.jsonl");
    writeFileSync(long, "x".repeat(200_000));
    await appendAnchorLine(folder, "long.jsonl", "whole");
    expect(readFileSync(long, "utf8")).toBe("whole\n");
  });

  test.each([
    ["a chain that went back", () => [head(1, 2), head(2, 5)], /ends at entry 2, and entry 3 was anchored/u],
    ["an end that was exchanged", () => [head(1, 3, "other"), head(2, 5)], /Entry 3 of the chain .* is not the one/u],
    ["a chain that is gone", () => [head(2, 5)], /is gone, and it was anchored/u],
  ])("nothing is signed over %s", async (_, heads, words) => {
    const place = world();
    await place.anchoring().write();
    place.state.heads = heads();
    await expect(place.anchoring().write()).rejects.toThrow(words);
    await expect(place.anchoring().write()).rejects.toBeInstanceOf(AnchorConflict);
    expect(await replay(place)).toMatchObject({ count: 1, faults: [] });
    expect(await place.anchoring().write({ restart: "restored last night's backup" })).toMatchObject({ number: 2 });
    expect((await replay(place)).restarts).toMatchObject([{ anchor: 2, reason: "restored last night's backup" }]);
  });

  test.each([
    [
      "a changed statement",
      (lines: string[]) => [lines[0], lines[1]?.replace(String.raw`chains\":2`, String.raw`chains\":3`), lines[2]],
      /anchor 2: the signature/u,
    ],
    ["an anchor that was taken out", (lines: string[]) => [lines[0], lines[2]], /anchor 2: it bears the number 3/u],
    [
      "anchors that were exchanged",
      (lines: string[]) => [lines[1], lines[0], lines[2]],
      /anchor 1: it bears the number 2/u,
    ],
    [
      "a signature of another",
      (lines: string[]) => [
        lines[0],
        JSON.stringify({ ...JSON.parse(lines[1] ?? ""), signature: JSON.parse(lines[0] ?? "").signature }),
        lines[2],
      ],
      /anchor 2: the signature/u,
    ],
    ["a line of something else", (lines: string[]) => [lines[0], "{}", lines[2]], /anchor 2: the line cannot be read/u],
  ])("%s is found, and nothing behind it is believed", async (_, change, words) => {
    const place = world();
    const one = place.anchoring();
    for (let round = 0; round < 3; round += 1) {
      await one.write();
      place.state.heads = [head(1, 4 + round), head(2, 5)];
      place.later(900_000);
    }
    const lines = change(await readAnchorLines(place.file())).filter((line) => line !== undefined);
    writeFileSync(place.file(), `${lines.join("\n")}\n`);
    const history = await replay(place);
    expect(history.faults[0]).toMatch(words);
    expect(history.points.length).toBeLessThan(4);
    await expect(place.anchoring().write()).rejects.toThrow(/are not what was written/u);
  });

  test("a whole file of another key is not believed", async () => {
    const place = world();
    await place.anchoring().write();
    const stranger = openAnchorKey(newAnchorKey());
    expect(
      (await replayAnchors(await readAnchorLines(place.file()), new KnownKeys([stranger.publicKey]))).faults[0],
    ).toMatch(/whose public key is not known/u);
  });
});

test("the app's own key is made once, sealed where a key store is, and read again", () => {
  const seal = {
    described: "a store",
    seal: (secret: string) => Buffer.from(secret, "utf8").reverse(),
    open: (sealed: Buffer) => Buffer.from(sealed).reverse().toString("utf8"),
  };
  const key = keptAnchorKey(folder, () => seal);
  expect(keptAnchorKey(folder, () => seal).id).toBe(key.id);
  const file = join(folder, "anchoring", "secrets.json");
  expect(readFileSync(file, "utf8")).not.toContain("PRIVATE KEY");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("the schedule asks when the database is ready, one at a time, and keeps in words what went wrong", async () => {
  const { vi } = await import("vitest");
  vi.useFakeTimers();
  try {
    let ready = false;
    let asked = 0;
    const outcomes: (() => Promise<undefined>)[] = [
      async () => undefined,
      async () => {
        throw new AnchorConflict("The chain was set back.");
      },
      async () => {
        throw new Error("disk");
      },
    ];
    const schedule = createAnchorSchedule({
      minutes: 15,
      isReady: () => ready,
      write: async () => {
        asked += 1;
        return (
          outcomes.shift() ?? (async () => ({ number: 1, root: "", chains: 1, changed: 1, file: "" }))
        )() as never;
      },
      log: { info: () => undefined, unexpected: () => "ref1" },
    });
    schedule.start();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(asked).toBe(0);
    ready = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked, schedule.trouble()]).toEqual([1, null]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(schedule.trouble()).toBe("The chain was set back.");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(schedule.trouble()).toContain("ref1");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(schedule.trouble()).toBeNull();
    schedule.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toBe(4);
  } finally {
    vi.useRealTimers();
  }
});
