import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../electron/clock";
import type { Database } from "../../electron/database/pool";
import { createLocalCopies } from "../../electron/drafts/local-copies";
import { draftKeyOf } from "../../electron/drafts/sealed-draft";
import { createDraftVault, type DraftOwner, type DraftVault } from "../../electron/drafts/vault";
import type { DraftContent } from "../../shared/drafts/draft";
import { Refusal } from "../../shared/failure";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { hardTexts } from "../support/hard-texts";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { shortest } from "../support/stopwatch";

let hospital: TestHospital;
let direct: Direct;
const folders: string[] = [];
const faults: unknown[] = [];
const vaults: DraftVault[] = [];

beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});
afterEach(async () => {
  for (const vault of vaults.splice(0)) await vault.seal(undefined);
  // What was on its way to the disk arrives before the disk is taken away.
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  await hospital.owner("DELETE FROM private.draft");
  expect(faults.splice(0)).toEqual([]);
});

const place = "vital-signs|FCE57";
const content = (note: string, extra: Partial<DraftContent> = {}): DraftContent => ({
  version: 1,
  fields: { note, pulse: "88" },
  caret: { field: "note", start: 3, end: 9, direction: "backward", scroll: 12, focused: true },
  ...extra,
});

/** A workstation: its own folder on the disk, the hospital's database, and whoever signs in at it. */
function workstation(home = newHome()) {
  let away = false;
  let changed = 0;
  const database: Database = {
    ...hospital.database,
    statement: async (text, values) => {
      if (away) throw new Refusal("DATABASE_UNAVAILABLE");
      return hospital.database.statement(text, values);
    },
  };
  return {
    home,
    setAway: (now: boolean) => {
      away = now;
    },
    changes: () => changed,
    files: () => {
      const all = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return all.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    },
    vaultOf: (person: { session: DraftOwner }): DraftVault => {
      const vault = createDraftVault({
        owner: person.session,
        database,
        copies: createLocalCopies(join(home, "drafts")),
        clock: systemClock,
        onChanged: () => {
          changed += 1;
        },
        logUnexpected: (where, error) => faults.push(where, error),
      });
      vaults.push(vault);
      return vault;
    },
  };
}
function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "lamplight-drafts-"));
  folders.push(home);
  return home;
}

const nurse = () => signedIn(hospital, accountOf("Nurse"));
const tokenOf = (person: SignedIn) => person.session.databaseToken();
/** As the app locks: the vault's last words first, then the session is worthless. */
async function lock(person: SignedIn, vault: DraftVault): Promise<void> {
  await vault.seal(tokenOf(person));
  person.session.lock("person");
}
const textAt = async (vault: DraftVault, where = place) =>
  (await vault.list()).drafts.find((draft) => draft.place === where)?.fields["note"];
const rows = async () =>
  (await hospital.owner("SELECT staff_id, key, sealed, revision, expires_at FROM private.draft ORDER BY updated_at"))
    .rows;
async function until(look: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await look())) {
    if (performance.now() > end) throw new Error("waited too long");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const held = async () => (await rows()).filter((row) => row["sealed"] !== null).length;

describe("what was typed comes back in every code unit, with its caret", () => {
  test.each(Object.entries(hardTexts))("at another workstation: %s", async (_, note) => {
    const first = await nurse();
    const vault = workstation().vaultOf(first);
    expect(vault.keep(place, content(note))).toBe(true);
    await lock(first, vault);
    const { drafts } = await workstation()
      .vaultOf(await nurse())
      .list();
    expect(drafts).toEqual([{ place, savedAt: expect.stringMatching(/Z$/u), ...content(note) }]);
  });

  test("at the same workstation after the main process was killed without a word, while the database was away", async () => {
    const here = workstation();
    here.setAway(true);
    const vault = here.vaultOf(await nurse());
    vault.keep(place, content("half a sen"));
    vault.keep(place, content("half a sentence"));
    // The disk has it a moment after it was typed; nobody seals anything here.
    await until(() => here.files().some((file) => file.includes('"sealed":"')));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const after = workstation(here.home);
    after.setAway(true);
    const again = after.vaultOf(await nurse());
    expect(await textAt(again)).toBe("half a sentence");
    after.setAway(false);
    again.databaseIsBack();
    await until(async () => (await held()) === 1);
    expect(await textAt(workstation().vaultOf(await nurse()))).toBe("half a sentence");
  });

  test("within a second of typing, without any lock", async () => {
    const vault = workstation().vaultOf(await nurse());
    await vault.list();
    let round = 0;
    const arrives = async () => {
      round += 1;
      vault.keep(`${place}|${round}`, content("typed on"));
      const began = performance.now();
      await until(async () => (await held()) === round);
      return performance.now() - began;
    };
    expect(await shortest(1000, arrives)).toBeLessThan(1000);
  });
});

describe("nobody else", () => {
  test("finds anything: not in the app, not by SQL with a session of their own, not in the bytes", async () => {
    const owner = await nurse();
    const vault = workstation().vaultOf(owner);
    vault.keep(place, content("between me and the chart of FCE57"));
    await vault.list();
    await until(async () => (await held()) === 1);
    const draftKey = draftKeyOf(owner.session.draftsKey(), place);

    const other = await signedIn(hospital, accountOf("Doctor"));
    // Even at the very workstation.
    expect(await workstation().vaultOf(other).list()).toEqual({ drafts: [], sealed: 0, kept: true });
    const { token } = await signInDirectly(direct, accountOf("Admin"));
    expect(await direct.rows("SELECT * FROM api.drafts($1)", [token])).toEqual([]);
    expect(await direct.rows("SELECT api.shred_drafts($1, $2, 9007199254740991) AS n", [token, [draftKey]])).toEqual([
      { n: 0 },
    ]);
    const bytes = Buffer.alloc(64, 7);
    await direct.rows("SELECT * FROM api.keep_draft($1, $2, $3, 9007199254740990)", [token, draftKey, bytes]);
    expect(await direct.refusal("SELECT * FROM private.draft")).toBe("42501");
    expect(await textAt(workstation().vaultOf(await nurse()))).toBe("between me and the chart of FCE57");

    const [row] = (await rows()).filter(({ staff_id }) => staff_id === owner.session.person().staffId);
    const sealed = row?.["sealed"] as Buffer;
    for (const needle of ["between me", "FCE57", "vital-signs"])
      expect(sealed.includes(Buffer.from(needle)) || String(row?.["key"]).includes(needle)).toBe(false);
  });

  test("opens what was copied into their own rows", async () => {
    const vault = workstation().vaultOf(await nurse());
    vault.keep(place, content("hers"));
    await vault.list();
    await until(async () => (await held()) === 1);
    const doctor = await signedIn(hospital, accountOf("Doctor"));
    await hospital.owner("UPDATE private.draft SET staff_id = $1", [doctor.session.person().staffId]);
    expect(await workstation().vaultOf(doctor).list()).toEqual({ drafts: [], sealed: 1, kept: true });
  });

  test("learns from a copy on the disk, nor from its name", async () => {
    const here = workstation();
    here.setAway(true);
    const person = await nurse();
    const vault = here.vaultOf(person);
    vault.keep(place, content("a word that nobody reads on a disk"));
    await lock(person, vault);
    const names = readdirSync(here.home, { recursive: true }).map(String).join(" ");
    expect(here.files().length).toBe(1);
    for (const needle of ["nobody reads", "FCE57", "vital", person.session.lockView().person.staffId])
      expect(`${names} ${here.files().join(" ")}`).not.toContain(needle);
  });

  test("keeps, reads or shreds under a token that is locked, expired or invented", async () => {
    const person = await nurse();
    const token = tokenOf(person);
    person.session.lock("person");
    await until(async () => (await direct.refusal("SELECT * FROM api.drafts($1)", [token])) !== "none");
    const key = "a".repeat(64);
    for (const dead of [token, "invented", ""])
      for (const [text, values] of [
        ["SELECT * FROM api.drafts($1)", [dead]],
        ["SELECT * FROM api.keep_draft($1, $2, $3, 1)", [dead, key, Buffer.alloc(40)]],
        ["SELECT api.shred_drafts($1, $2, 1)", [dead, [key]]],
      ] as const)
        expect(await direct.refusal(text, values)).toBe("28000");
    expect(await rows()).toEqual([]);
  });
});

describe("at the lock", () => {
  test("the last keystroke is on the disk, the key zeroed and the text forgotten before the lock goes on", async () => {
    const here = workstation();
    here.setAway(true);
    const person = await nurse();
    const vault = here.vaultOf(person);
    await vault.list();
    for (let length = 1; length <= 40; length += 1) vault.keep(place, content("x".repeat(length)));
    const told = vault.seal(tokenOf(person));
    expect(here.files().some((file) => file.includes('"sealed":"'))).toBe(true);
    person.session.lock("person");
    expect(() => vault.keep(place, content("too late"))).toThrow(Refusal);
    await expect(vault.list()).rejects.toMatchObject({ failure: { code: "LOCKED" } });
    await told;
    const again = workstation(here.home);
    again.setAway(true);
    expect(await textAt(again.vaultOf(await nurse()))).toBe("x".repeat(40));
  });

  test("a database that hangs holds it up for half a second at the most", async () => {
    const person = await nurse();
    const hanging: Database = { ...hospital.database, statement: () => new Promise(() => undefined) };
    const typedAndSealed = async () => {
      const here = workstation();
      const vault = createDraftVault({
        owner: person.session,
        database: hanging,
        copies: createLocalCopies(join(here.home, "drafts")),
        clock: systemClock,
        onChanged: () => undefined,
        logUnexpected: (where, error) => faults.push(where, error),
      });
      vault.keep(place, content("x"));
      const began = performance.now();
      expect((await vault.list()).drafts).toHaveLength(1);
      const sealing = performance.now();
      await vault.seal(tokenOf(person));
      const sealed = performance.now();
      expect(here.files()).toHaveLength(1);
      return Math.max(sealing - began, sealed - sealing);
    };
    expect(await shortest(600, typedAndSealed)).toBeLessThan(600);
  });
});

describe("two workstations of one person", () => {
  test("the later text stands, the other is set aside, and both are told", async () => {
    const [first, second] = [workstation(), workstation()];
    const one = first.vaultOf(await nurse());
    await one.list();
    first.setAway(true);
    one.keep(place, content("typed at the bed, without the network"));
    const two = second.vaultOf(await nurse());
    await two.list();
    await new Promise((resolve) => setTimeout(resolve, 5));
    two.keep(place, content("typed in the office"));
    await until(async () => (await held()) === 1);
    first.setAway(false);
    one.databaseIsBack();
    await until(() => first.changes() > 0);
    expect(await textAt(one)).toBe("typed in the office");
    expect(await textAt(one, `earlier|${place}`)).toBe("typed at the bed, without the network");
    await until(async () => (await held()) === 2);
    expect(await textAt(workstation().vaultOf(await nurse()), `earlier|${place}`)).toBe(
      "typed at the bed, without the network",
    );
  });

  test("what was sent at one does not come back from the other's disk", async () => {
    const first = workstation();
    const person = await nurse();
    const one = first.vaultOf(person);
    one.keep(place, content("will be sent elsewhere"));
    await until(async () => (await held()) === 1);
    await lock(person, one);
    await until(() => first.files().length === 1);
    const two = workstation().vaultOf(await nurse());
    await two.list();
    two.shred([place]);
    await until(async () => (await held()) === 0);
    const again = workstation(first.home);
    expect((await again.vaultOf(await nurse()).list()).drafts).toEqual([]);
    expect(again.files()).toHaveLength(0);
    // Nor by a client that knows no better: what was shredded is later than what it has.
    const [row] = await rows();
    const { token } = await signInDirectly(direct, accountOf("Nurse"));
    const revision = Number(row?.["revision"]) - 1;
    expect(
      await direct.rows("SELECT taken FROM api.keep_draft($1, $2, $3, $4)", [
        token,
        row?.["key"],
        Buffer.alloc(64),
        revision,
      ]),
    ).toEqual([{ taken: false }]);
    expect(await held()).toBe(0);
  });

  test("both typing at once overwrite nothing unseen, whoever is later", async () => {
    const stations = [workstation(), workstation()];
    const [one, two] = [stations[0]?.vaultOf(await nurse()), stations[1]?.vaultOf(await nurse())];
    if (!one || !two) throw new Error("two workstations");
    one.keep(place, content("the one"));
    await one.list();
    await until(async () => (await held()) === 1);
    expect(await textAt(two)).toBe("the one");
    two.keep(place, content("the other"));
    one.keep(place, content("the one, continued"));
    await until(() => stations.some((station) => station.changes() > 0));
    await until(async () => (await held()) === 2);
    const { drafts } = await workstation()
      .vaultOf(await nurse())
      .list();
    expect(new Set(drafts.map(({ fields }) => fields["note"]))).toEqual(new Set(["the one, continued", "the other"]));
  });
});

describe("shredded", () => {
  test("when it was sent: no bytes in the database, none on the disk, and the audit knows how many and no more", async () => {
    const here = workstation();
    const person = await nurse();
    const vault = here.vaultOf(person);
    await vault.list();
    vault.keep(place, content("sent"));
    vault.keep("chat-message|new", content("not sent"));
    await until(async () => (await held()) === 2);
    vault.shred([place]);
    await until(async () => (await held()) === 1);
    await until(() => here.files().length === 1);
    expect((await vault.list()).drafts.map((draft) => draft.place)).toEqual(["chat-message|new"]);
    const { rows: entries } = await hospital.owner(
      "SELECT outcome, patient_ids, detail FROM private.audit_entry WHERE action = 'DRAFTS_SHREDDED' ORDER BY at DESC LIMIT 1",
    );
    expect(entries).toEqual([{ outcome: "granted", patient_ids: [], detail: { count: 1, because: "finished" } }]);
  });

  test("also when the database is away, and after a crash in between", async () => {
    const here = workstation();
    const first = await nurse();
    const vault = here.vaultOf(first);
    await vault.list();
    vault.keep(place, content("sent while the network went"));
    await until(async () => (await held()) === 1);
    here.setAway(true);
    vault.shred([place]);
    const again = workstation(here.home);
    again.setAway(true);
    const after = again.vaultOf(await nurse());
    expect((await after.list()).drafts).toEqual([]);
    again.setAway(false);
    after.databaseIsBack();
    await until(async () => (await held()) === 0);
    expect((await after.list()).drafts).toEqual([]);
    await until(() => again.files().length === 0);
  });

  test("half an hour after the shift, or after twelve hours, by the database's clock and with the next sign-in", async () => {
    const person = await nurse();
    const vault = workstation().vaultOf(person);
    await vault.list();
    vault.keep(place, content("of this shift"));
    await until(async () => (await held()) === 1);
    const { rows: shift } = await hospital.owner(
      "SELECT extract(epoch FROM d.expires_at - greatest(d.updated_at + interval '30 minutes', coalesce(max(s.ends_at) + interval '30 minutes', d.updated_at + interval '12 hours')))::int AS off FROM private.draft d LEFT JOIN hospital.shift s ON s.staff_id = d.staff_id AND s.starts_at <= d.updated_at + interval '30 minutes' AND s.ends_at >= d.updated_at - interval '30 minutes' GROUP BY d.expires_at, d.updated_at",
    );
    expect(Math.abs(Number(shift[0]?.["off"]))).toBeLessThan(10);
    await hospital.owner("UPDATE private.draft SET expires_at = clock_timestamp() - interval '1 second'");
    expect(await direct.rows("SELECT * FROM api.drafts($1)", [tokenOf(person)])).toEqual([]);
    await signedIn(hospital, accountOf("Doctor"));
    expect(await rows()).toEqual([]);
    const { rows: entries } = await hospital.owner(
      "SELECT chain_id, staff_id, patient_ids, detail FROM private.audit_entry WHERE action = 'DRAFTS_SHREDDED' ORDER BY at DESC LIMIT 1",
    );
    expect(entries).toEqual([
      {
        chain_id: "00000000-0000-0000-0000-000000000000",
        staff_id: null,
        patient_ids: [],
        detail: { count: 1, because: "expired" },
      },
    ]);
    const { rows: judged } = await hospital.owner("SELECT faults FROM private.verify_audit()");
    expect(judged).toEqual([{ faults: [] }]);
  });

  test("without a shift they live twelve hours", async () => {
    const { token } = await signInDirectly(direct, accountOf("Auditor"));
    const [kept] = await direct.rows(
      "SELECT taken, round(extract(epoch FROM kept_until - clock_timestamp()) / 3600)::int AS hours FROM api.keep_draft($1, $2, $3, 1)",
      [token, "c".repeat(64), Buffer.alloc(64)],
    );
    const { rows: shifts } = await hospital.owner(
      "SELECT count(*)::int AS n FROM hospital.shift s JOIN hospital.staff m ON m.id = s.staff_id WHERE m.username = 'demo_auditor' AND s.starts_at <= clock_timestamp() + interval '30 minutes' AND s.ends_at >= clock_timestamp() - interval '30 minutes'",
    );
    expect(shifts).toEqual([{ n: 0 }]);
    expect(kept).toEqual({ taken: true, hours: 12 });
  });
});

describe("the database refuses", () => {
  test.each([
    ["a key that is no hash", "FCE57", 64, 1],
    ["bytes that are no ciphertext", "a".repeat(64), 10, 1],
    ["more than 128 KiB", "a".repeat(64), 131_073, 1],
    ["a revision of nothing", "a".repeat(64), 64, 0],
  ])("%s", async (_, key, bytes, revision) => {
    const { token } = await signInDirectly(direct, accountOf("Nurse"));
    const asked = [token, key, Buffer.alloc(bytes), revision];
    expect(await direct.refusal("SELECT * FROM api.keep_draft($1, $2, $3, $4)", asked)).toBe("22023");
    expect(await rows()).toEqual([]);
  });

  test("the four hundred and first, and takes the others on", async () => {
    const { token } = await signInDirectly(direct, accountOf("Nurse"));
    const key = (number: number) => number.toString(16).padStart(64, "0");
    await direct.rows(
      "SELECT count(*) FROM generate_series(1, 400) n CROSS JOIN LATERAL api.keep_draft($1, lpad(to_hex(n), 64, '0'), $2, 1)",
      [token, Buffer.alloc(64)],
    );
    const one = (number: number, revision: number) => [token, key(number), Buffer.alloc(64), revision];
    expect(await direct.refusal("SELECT * FROM api.keep_draft($1, $2, $3, $4)", one(401, 1))).toBe("54000");
    expect(await direct.rows("SELECT taken FROM api.keep_draft($1, $2, $3, $4)", one(400, 2))).toEqual([
      { taken: true },
    ]);
    expect(await rows()).toHaveLength(400);
  });

  test("an older revision over a newer one, and shreds nothing that is later", async () => {
    const { token } = await signInDirectly(direct, accountOf("Nurse"));
    const key = "d".repeat(64);
    const keep = (revision: number, fill: number) =>
      direct.rows("SELECT kept_revision::int AS kept_revision, taken FROM api.keep_draft($1, $2, $3, $4)", [
        token,
        key,
        Buffer.alloc(64, fill),
        revision,
      ]);
    expect(await keep(5, 5)).toEqual([{ kept_revision: 5, taken: true }]);
    expect(await keep(4, 4)).toEqual([{ kept_revision: 5, taken: false }]);
    expect(await keep(5, 6)).toEqual([{ kept_revision: 5, taken: false }]);
    expect(await direct.rows("SELECT api.shred_drafts($1, $2, 4) AS n", [token, [key]])).toEqual([{ n: 0 }]);
    expect((await rows())[0]?.["sealed"]).toEqual(Buffer.alloc(64, 5));
  });
});

test("a session without a drafts key, as after a badge, keeps nothing, opens nothing and says how much waits", async () => {
  const person = await nurse();
  const vault = workstation().vaultOf(person);
  vault.keep(place, content("typed under a password"));
  await vault.list();
  await until(async () => (await held()) === 1);
  const again = await nurse();
  const badge: DraftOwner = {
    person: () => again.session.person(),
    databaseToken: () => again.session.databaseToken(),
    guarded: (work) => again.session.guarded(work),
    draftsKey: () => {
      throw new Refusal("BADGE_NOT_ENOUGH");
    },
  };
  const closed = workstation().vaultOf({ session: badge });
  expect(await closed.list()).toEqual({ drafts: [], sealed: 1, kept: false });
  expect(closed.keep(place, content("under a badge"))).toBe(false);
  closed.shred([place]);
  // The password comes after all, in the same session: what waited opens, without another sign-in.
  badge.draftsKey = () => again.session.draftsKey();
  closed.open();
  expect(await textAt(closed)).toBe("typed under a password");
  expect(closed.keep("chat-message|new", content("under a password again"))).toBe(true);
  await closed.seal(tokenOf(again));
  expect(await textAt(workstation().vaultOf(await nurse()))).toBe("typed under a password");
});

test("keeping drafts keeps no session awake", async () => {
  const person = await nurse();
  const vault = workstation().vaultOf(person);
  await vault.list();
  await hospital.owner("UPDATE private.session SET last_seen = clock_timestamp() - interval '10 minutes'");
  vault.keep(place, content("typed by a script"));
  await until(async () => (await held()) === 1);
  const { rows: fresh } = await hospital.owner(
    "SELECT count(*)::int AS n FROM private.session WHERE last_seen > clock_timestamp() - interval '9 minutes'",
  );
  expect(fresh).toEqual([{ n: 0 }]);
});
