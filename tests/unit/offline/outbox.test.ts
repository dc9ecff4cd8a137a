import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attentionWords } from "../../../electron/offline/attention-words";
import { Outbox } from "../../../electron/offline/outbox";
import { saveInOutbox } from "../../../electron/offline/save-in-outbox";
import { openWorkstationKey } from "../../../electron/offline/workstation-key";
import { newSealingKey } from "../../../electron/sealing/seal";
import { newEntry, plainSet, proofOf } from "./made-entries";
import { newContent, temporaryFolder } from "./scene";

const secret = randomBytes(32);
const minute = 60_000;

async function newOutbox(home = temporaryFolder()) {
  const { key } = await openWorkstationKey(home, undefined);
  const outbox = new Outbox(join(home, "outbox"), key);
  await outbox.prepare();
  return { home, key, outbox, file: (id: string) => join(home, "outbox", "waiting", `${id}.entry`) };
}

test("an entry comes back as it was, with its proof, and the file shows nothing of it", async () => {
  const { outbox, file } = await newOutbox();
  const entry = newEntry();
  const proof = proofOf(entry, secret);
  await outbox.add(entry.id, entry.staff, proof);
  expect(await outbox.waiting()).toEqual([entry.id]);
  const found = await outbox.readWaiting(entry.id);
  expect(found).toEqual({ id: entry.id, state: "readable", entry, proof });
  const bytes = readFileSync(file(entry.id));
  for (const text of ["FCE57", "STF010", "128", proof.keyId, entry.session]) expect(bytes.includes(text)).toBe(false);
  await outbox.sent(entry.id);
  expect(await outbox.waiting()).toEqual([]);
});

test("every flipped bit makes a file unreadable, never another entry; a moved one is not the other's", async () => {
  const { outbox, file } = await newOutbox();
  const [entry, other] = [newEntry(), newEntry()];
  await outbox.add(entry.id, entry.staff, proofOf(entry, secret));
  await outbox.add(other.id, other.staff, proofOf(other, secret));
  const good = readFileSync(file(entry.id));
  for (let at = 0; at < good.length; at += 5) {
    const damaged = Buffer.from(good);
    damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
    writeFileSync(file(entry.id), damaged);
    expect(["unreadable", "other-key"], String(at)).toContain((await outbox.readWaiting(entry.id))?.state);
  }
  writeFileSync(file(entry.id), good);
  renameSync(file(entry.id), file(other.id));
  expect((await outbox.readWaiting(other.id))?.state).toBe("unreadable");
});

test("what is set aside keeps its reason, and its file also after a person has dealt with it", async () => {
  const { outbox, home } = await newOutbox();
  const entry = newEntry();
  await outbox.add(entry.id, entry.staff, proofOf(entry, secret));
  await outbox.setAside(entry.id, { reason: "not-care-team", at: "2026-04-05T09:05:00.000Z" });
  expect(await outbox.waiting()).toEqual([]);
  expect(await outbox.attention()).toEqual([entry.id]);
  const read = await outbox.readAttention(entry.id);
  expect(read?.found).toMatchObject({ state: "readable", entry });
  expect(attentionWords(read?.refusal?.reason)).toMatch(/care team/u);
  await outbox.settle(entry.id);
  expect(await outbox.attention()).toEqual([]);
  expect(readdirSync(join(home, "outbox", "settled"))).toEqual([`${entry.id}.entry`]);
});

test("an entry under a key that is not held now waits and is named, until the key is there again", async () => {
  const { outbox, home, key } = await newOutbox();
  const entry = newEntry();
  await outbox.add(entry.id, entry.staff, proofOf(entry, secret));
  const stranger = new Outbox(join(home, "outbox"), newSealingKey());
  expect(await stranger.underOtherKeys()).toEqual([entry.id]);
  expect(await new Outbox(join(home, "outbox"), key).underOtherKeys()).toEqual([]);
});

test("the workstation's key is never overwritten: where it does not open, another lies beside it", async () => {
  const home = temporaryFolder();
  const box = (name: number) => ({
    seal: (text: string) => Buffer.concat([Buffer.from([name]), Buffer.from(text)]),
    open: (sealed: Buffer) => {
      if (sealed[0] !== name) throw new Error("another account");
      return sealed.subarray(1).toString();
    },
  });
  const mine = await openWorkstationKey(home, box(1));
  expect(mine.guarded).toBe(true);
  const without = await openWorkstationKey(home, undefined);
  expect(without.id).not.toBe(mine.id);
  expect(without.guarded).toBe(false);
  expect(await openWorkstationKey(home, box(1))).toEqual(mine);
  // A key store that came later takes over what lay open.
  const fresh = temporaryFolder();
  const open = await openWorkstationKey(fresh, undefined);
  expect(await openWorkstationKey(fresh, box(2))).toEqual({ ...open, guarded: true });
  expect(readFileSync(join(fresh, "workstation-key.json"), "utf8")).not.toContain(open.key.key.toString("base64"));
});

function writer(home: string, most?: number): { child: ChildProcess; said: () => string[]; ended: Promise<void> } {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "tests/unit/offline/outbox-writer.ts", home, ...(most === undefined ? [] : [String(most)])],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  child.stdout?.on("data", (part: Buffer) => {
    text += part.toString();
  });
  // The last line may be half a line: it was not told.
  const said = () => text.split("\n").slice(0, -1);
  return { child, said, ended: new Promise((resolve) => child.on("close", () => resolve())) };
}

test("killed at any point: everything that was acknowledged is there and whole, and no half of anything", async () => {
  const home = temporaryFolder();
  let acknowledged = 0;
  for (let round = 0; round < 12; round += 1) {
    const { child, said, ended } = writer(home);
    // However busy the machine is: in the middle of its work, and no two rounds at the same point of it.
    await expect.poll(() => said().length, { timeout: 60_000, interval: 2 }).toBeGreaterThan(round);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    child.kill("SIGKILL");
    await ended;
    const { outbox } = await newOutbox(home);
    const saved = said().flatMap((line) => (line.startsWith("saved ") ? [line.slice(6)] : []));
    acknowledged += saved.length;
    const waiting = await outbox.waiting();
    expect(waiting).toEqual(expect.arrayContaining(saved));
    for (const id of waiting) expect((await outbox.readWaiting(id))?.state).toBe("readable");
    expect(readdirSync(join(home, "outbox", "waiting")).filter((name) => !name.endsWith(".entry"))).toEqual([]);
  }
  expect(acknowledged).toBeGreaterThanOrEqual(66);
}, 300_000);

const mayMount =
  process.platform === "linux" && spawnSync("unshare", ["-m", "true"]).status === 0 && process.getuid?.() === 0;
test.runIf(mayMount)(
  "a full disk refuses before anything is called saved; what was saved before is whole",
  async () => {
    const home = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", home]);
    try {
      const { said, ended } = writer(home, 500);
      await ended;
      const saved = said().flatMap((line) => (line.startsWith("saved ") ? [line.slice(6)] : []));
      expect(said().at(-1)).toBe("refused ENOSPC");
      const { outbox } = await newOutbox(home);
      expect(await outbox.waiting()).toEqual([...saved].sort());
      for (const id of saved) expect((await outbox.readWaiting(id))?.state).toBe("readable");
      const content = newContent();
      const hold = { ...content, until: Date.now() + minute };
      const now = Date.parse(content.startedAt) + minute;
      const typed = { id: newEntry().id, patient: "FCE57", recordedAt: new Date(now).toISOString(), set: plainSet };
      await expect(saveInOutbox(outbox, hold, typed, now)).rejects.toMatchObject({
        failure: { code: "NOT_STORED", message: expect.stringContaining("disk is full") },
      });
      execFileSync("mount", ["-o", "remount,size=1m", home]);
      await saveInOutbox(outbox, hold, typed, now);
      expect((await outbox.readWaiting(typed.id))?.state).toBe("readable");
    } finally {
      execFileSync("umount", [home]);
    }
  },
);

test("what the database would refuse for its time alone is refused while its person is there", async () => {
  const { outbox } = await newOutbox();
  const content = newContent();
  const start = Date.parse(content.startedAt);
  const hold = { ...content, until: start + 12 * 60 * minute };
  const save = (recorded: number, now: number, holder: typeof hold = hold) =>
    saveInOutbox(
      outbox,
      holder,
      { id: newEntry().id, patient: "FCE57", recordedAt: new Date(recorded).toISOString(), set: plainSet },
      now,
    ).then(
      () => "saved",
      (error: { failure: { code: string } }) => error.failure.code,
    );
  expect(await save(start + minute, start + minute)).toBe("saved");
  expect(await save(start + 5 * minute, start + minute)).toBe("INVALID_INPUT");
  expect(await save(start - 10 * minute, start + minute)).toBe("INVALID_INPUT");
  expect(await save(start + minute, start + 12 * 60 * minute)).toBe("OFFLINE_EXPIRED");
  expect(await save(start + minute, start + minute, { ...hold, outboxKey: null })).toBe("OFFLINE_UNAVAILABLE");
  expect(await outbox.waiting()).toHaveLength(1);
});

test.skipIf(process.platform === "win32")("the folders are the app's own", async () => {
  const { home } = await newOutbox();
  expect(statSync(join(home, "outbox", "waiting")).mode & 0o777).toBe(0o700);
});

test("a name that is taken keeps its file: nobody writes over another's entry, nor over one that needs attention", async () => {
  const { outbox } = await newOutbox();
  const entry = newEntry();
  await outbox.add(entry.id, entry.staff, proofOf(entry, secret));
  const others = { ...newEntry({ id: entry.id, staff: "STF011", patient: "6VCB8" }) };
  const taken = { failure: { code: "STORED_DIFFERENTLY" } };
  await expect(outbox.add(others.id, others.staff, proofOf(others, secret))).rejects.toMatchObject(taken);
  expect(await outbox.readWaiting(entry.id)).toMatchObject({ entry });
  // The own retry after an answer that was lost takes its place.
  const again = { ...entry, entered_at: "2026-04-05T09:07:00.000Z" };
  await outbox.add(again.id, again.staff, proofOf(again, secret));
  expect(await outbox.readWaiting(entry.id)).toMatchObject({ entry: again });
  await outbox.setAside(entry.id, { reason: "not-care-team", at: "2026-04-05T09:08:00.000Z" });
  for (const late of [again, others])
    await expect(outbox.add(late.id, late.staff, proofOf(late, secret))).rejects.toMatchObject(taken);
  await outbox.settle(entry.id);
  await expect(outbox.add(again.id, again.staff, proofOf(again, secret))).rejects.toMatchObject(taken);
  expect(await outbox.waiting()).toEqual([]);
});

test("the sets of one person for one patient are those, whatever else waits", async () => {
  const { outbox, file } = await newOutbox();
  const entries = [newEntry(), newEntry({ patient: "6VCB8" }), newEntry({ staff: "STF011" }), newEntry(), newEntry()];
  for (const entry of entries) await outbox.add(entry.id, entry.staff, proofOf(entry, secret));
  writeFileSync(file(entries[4]?.id ?? ""), "damaged");
  expect(await outbox.waitingOf("STF010", "FCE57")).toEqual([entries[0], entries[3]]);
});
