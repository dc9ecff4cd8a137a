import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createLocalCopies, type LocalCopies } from "../../../electron/drafts/local-copies";
import { OpenVault } from "../../../electron/drafts/open-vault";
import { createDraftVault } from "../../../electron/drafts/vault";
import { newSealingKey, type SealingKey } from "../../../electron/sealing/seal";
import { Refusal } from "../../../shared/failure";
import { handClock } from "../session/hand-clock";

const folders: string[] = [];
const vaults: OpenVault[] = [];
afterEach(async () => {
  for (const vault of vaults.splice(0)) await vault.seal(undefined);
  await pause(50);
  // A writing that was under way may still put its file there.
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-vault-"));
  folders.push(folder);
  return folder;
};
const away = () => Promise.reject(new Refusal("DATABASE_UNAVAILABLE"));
const content = (note: string) => ({ version: 1, fields: { note }, caret: null });
const place = "vital-signs|FCE57";

/** A person's vault while the database is away: the disk of this workstation is all there is. */
function openVault(key: SealingKey, copies: LocalCopies, faults: unknown[] = []): OpenVault {
  const vault = new OpenVault({
    staffId: "STF010",
    token: () => "",
    key: { id: key.id, key: Buffer.from(key.key) },
    query: away,
    lastQuery: away,
    copies,
    now: Date.now,
    onChanged: () => undefined,
    logUnexpected: (_where, error) => faults.push(error),
  });
  vaults.push(vault);
  return vault;
}

describe("a lock while the database is away", () => {
  test("in the very moment in which the last text is being written loses none of it", async () => {
    const key = newSealingKey();
    const copies = createLocalCopies(newFolder());
    for (let offset = 0; offset < 12; offset += 1) {
      const vault = openVault(key, copies);
      vault.keep(place, content(`before ${offset}`));
      await pause(20);
      const last = `the last words, ${offset}`;
      vault.keep(place, content(last));
      // The writing has begun and goes on: from the first turn of the event loop to some milliseconds later.
      for (let turn = 0; turn < offset; turn += 1) await (turn < 6 ? Promise.resolve() : pause(0));
      await vault.seal(undefined);
      await pause(20);
      expect((await openVault(key, copies).content(place))?.fields["note"]).toBe(last);
    }
  });

  test("writes once more what the disk did not take before", async () => {
    const key = newSealingKey();
    const real = createLocalCopies(newFolder());
    let full = true;
    const copies: LocalCopies = {
      ...real,
      write: (...given) =>
        full ? Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })) : real.write(...given),
    };
    const faults: unknown[] = [];
    const vault = openVault(key, copies, faults);
    vault.keep(place, content("typed while the disk was full"));
    await vi.waitFor(() => expect(faults).toHaveLength(1), { timeout: 10_000, interval: 5 });
    full = false;
    await vault.seal(undefined);
    expect((await openVault(key, copies).content(place))?.fields["note"]).toBe("typed while the disk was full");
  });
});

test("a session that goes on as the database's keeps its vault: nothing typed in between is set aside as another text", async () => {
  const folder = newFolder();
  const key = newSealingKey();
  let person = { staffId: "STF010" };
  const vault = createDraftVault({
    owner: {
      person: () => person,
      databaseToken: () => "",
      draftsKey: () => key,
      guarded: (work) => work(),
    },
    database: { statement: away } as never,
    copies: createLocalCopies(folder),
    clock: handClock(Date.now()),
    onChanged: () => undefined,
    logUnexpected: (_where, error) => {
      throw error;
    },
  });
  await vault.list();
  vault.keep(place, content("RR 18, tired"));
  person = { ...person };
  vault.keep(place, content("RR 18"));
  expect((await vault.list()).drafts.map(({ place: where, fields }) => [where, fields["note"]])).toEqual([
    [place, "RR 18"],
  ]);
  await vault.seal(undefined);
});
