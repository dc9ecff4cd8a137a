import { beforeEach, describe, expect, test } from "vitest";
import { Entries, type Found } from "../../../electron/drafts/entries";
import { type DraftContent, draftLimits } from "../../../shared/drafts/draft";

const text = (note: string): DraftContent => ({ version: 1, fields: { note }, caret: null });
let now = 1_000_000;
let entries: Entries;
beforeEach(() => {
  now = 1_000_000;
  entries = new Entries({ keyOf: (place) => `key of ${place}`, now: () => now, lifetime: 1000 });
});
const found = (note: string, revision: number, place = "a"): Found => ({
  place,
  draftKey: `key of ${place}`,
  content: text(note),
  savedAt: "2026-04-05T09:05:00.000Z",
  revision,
  expiresAt: 2_000_000,
});
const noteAt = (place: string) => entries.at(place)?.content.fields["note"];

describe("the clock of revisions", () => {
  test("grows also when the wall clock is set back or stands still", () => {
    const given = [0, 0, -3_600_000, 31_536_000_000, -31_536_000_000].map((step) => {
      now += step;
      return entries.nextRevision();
    });
    for (const [at, revision] of given.entries()) if (at > 0) expect(revision).toBeGreaterThan(given[at - 1] ?? 0);
  });
  test("is never behind what another workstation wrote", () => {
    entries.sawRevision(now * 1000 + 50_000);
    expect(entries.put("a", text("x"))?.revision).toBeGreaterThan(now * 1000 + 50_000);
  });
});

describe("two versions of one place", () => {
  test("what the page has seen is replaced by what it writes", () => {
    entries.load(found("old", 900), 900);
    const entry = entries.at("a");
    if (entry) entry.shown = true;
    entries.put("a", text("new"));
    expect(noteAt("a")).toBe("new");
    expect(noteAt("earlier|a")).toBeUndefined();
  });

  test("what the page has not seen is set aside, not lost", () => {
    entries.load(found("from the night", 900), 900);
    entries.put("a", text("typed before it was there"));
    expect(noteAt("a")).toBe("typed before it was there");
    expect(noteAt("earlier|a")).toBe("from the night");
  });

  test("a row that came late: the later one stands, the other is set aside", () => {
    entries.put("a", text("typed here"));
    expect(entries.meet(found("typed elsewhere before", 500))).toBe(true);
    expect(noteAt("a")).toBe("typed here");
    expect(noteAt("earlier|a")).toBe("typed elsewhere before");
    expect(entries.meet(found("typed elsewhere after", (now + 10) * 1000))).toBe(true);
    expect(noteAt("a")).toBe("typed elsewhere after");
    expect(noteAt("earlier|a")).toBe("typed here");
  });

  test("an older state of the same text is not another text", () => {
    const entry = entries.put("a", text("ab"));
    const sent = entry?.revision ?? 0;
    entry?.attempted.add(sent);
    entries.put("a", text("zz"));
    expect(entries.meet(found("ab", sent))).toBe(false);
    expect(noteAt("earlier|a")).toBeUndefined();
  });

  test("a state that an earlier run of the app sent without hearing of it is not another text either", () => {
    entries.load(found("abc", 900), 700);
    expect(entries.meet(found("zzz", 800))).toBe(false);
    expect(noteAt("earlier|a")).toBeUndefined();
    expect(noteAt("a")).toBe("abc");
    // And what is sent next says that it grew from there.
    expect(entries.at("a")?.confirmed).toBe(800);
  });

  test("what stands in the newer one as a whole is not kept a second time", () => {
    entries.put("a", text("the beginning and the rest"));
    expect(entries.meet(found("the beginning", 500))).toBe(false);
    expect(noteAt("earlier|a")).toBeUndefined();
  });

  test("of what only the main process writes the later one is right", () => {
    entries.put("~place", text("here"));
    entries.meet(found("there", 500, "~place"));
    expect(noteAt("~place")).toBe("here");
    expect(entries.at("earlier|~place")).toBeUndefined();
  });
});

test("there is an end to how many are kept, and none goes for another", () => {
  for (let count = 0; count < draftLimits.drafts; count += 1) expect(entries.put(`p${count}`, text("x"))).toBeDefined();
  expect(entries.put("one more", text("x"))).toBeUndefined();
  expect(entries.put("p0", text("y"))?.content.fields["note"]).toBe("y");
  expect(entries.all()).toHaveLength(draftLimits.drafts);
});
