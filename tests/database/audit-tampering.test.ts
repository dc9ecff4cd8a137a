import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectOwner } from "../../electron/database/pool";
import { type AnchorPlace, anchorPlace } from "../support/anchors";
import { backUpTo, restoreFrom, temporaryFolder } from "../support/backup";
import { startTestCluster } from "../support/cluster";
import { announce, connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { accountOf, startTestHospital, type TestHospital } from "../support/hospital";

/**
 * A superuser with the triggers off, who also knows how the hashes are made: against that the chain alone is helpless. Each
 * thing that he can do is found by the anchors, which lie where he cannot write, and told by its place.
 */
let hospital: TestHospital;
let direct: Direct;
let anchors: AnchorPlace;
/** A session whose whole chain lies before the last anchor. */
let session: { id: string; entries: number };
const installation = "00000000-0000-0000-0000-000000000000";

beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  anchors = anchorPlace(hospital.owner);
  await work(8);
  expect(await anchors.anchoring.write()).toMatchObject({ number: 1 });
  const raw = await work(8);
  expect(await anchors.anchoring.write()).toMatchObject({ number: 2 });
  const { rows } = await hospital.owner("SELECT sequence FROM private.audit_chain WHERE id = $1", [raw]);
  session = { id: raw, entries: Number(rows[0]?.["sequence"]) };
  expect(session.entries).toBeGreaterThan(20);
});
afterAll(async () => {
  anchors.remove();
  await direct.end();
  await hospital.close();
});

/** One sitting of a nurse; answers its session. */
async function work(rounds: number): Promise<string> {
  const nurse = await signInDirectly(direct, accountOf("Nurse"));
  for (let round = 0; round < rounds; round += 1) {
    await announce(direct, nurse.token, "get_vital_signs", { patient: "FCE57", via: "person" });
    await announce(direct, nurse.token, "find_patients", { query: "ch" });
    await announce(direct, nurse.token, "get_patient_overview", { patient: `NO${round}X` });
  }
  return nurse.id;
}

interface Found {
  /** What "Verify chain" says without the anchors. */
  readonly chain: readonly string[];
  readonly anchors: Awaited<ReturnType<AnchorPlace["check"]>>;
}

/** What is found after a change that is taken back again. */
async function foundAfter(...changes: readonly string[]): Promise<Found> {
  await hospital.owner("BEGIN");
  try {
    await hospital.owner("SET LOCAL session_replication_role = replica");
    for (const change of changes) await hospital.owner(change);
    const { rows } = await hospital.owner("SELECT faults FROM private.verify_audit()");
    return { chain: rows[0]?.["faults"] as string[], anchors: await anchors.check() };
  } finally {
    await hospital.owner("ROLLBACK");
  }
}

/** Hashes a chain anew from an entry on and sets its head, as somebody does who has read our source. */
const rehash = (chain: string) => `DO $$
  DECLARE entry private.audit_entry; before bytea := '\\x'; last bigint := 0;
  BEGIN
    FOR entry IN SELECT * FROM private.audit_entry WHERE chain_id = '${chain}' ORDER BY sequence LOOP
      entry.previous_hash := before;
      entry.hash := private.audit_hash(entry);
      UPDATE private.audit_entry SET previous_hash = entry.previous_hash, hash = entry.hash
       WHERE chain_id = entry.chain_id AND sequence = entry.sequence;
      before := entry.hash;
      last := entry.sequence;
    END LOOP;
    UPDATE private.audit_chain SET sequence = last, hash = before WHERE id = '${chain}';
  END $$`;
const close = (chain: string, after: number, by: number) => [
  `UPDATE private.audit_entry SET sequence = -sequence WHERE chain_id = '${chain}' AND sequence > ${after}`,
  `UPDATE private.audit_entry SET sequence = -sequence + ${by} WHERE chain_id = '${chain}' AND sequence < 0`,
];
const at = (sequence: number) => `chain_id = '${session.id}' AND sequence = ${sequence}`;

test("honest work after the last anchor raises no alarm", async () => {
  await work(3);
  expect(await foundAfter()).toMatchObject({ chain: [], anchors: { state: "agree", faults: [], anchors: 2 } });
});

describe("with every hash and head computed anew, so that the chain itself is whole again,", () => {
  /** What the chain says of it: nothing. The anchors name the session, and where. */
  async function foundByAnchorsAlone(...changes: readonly string[]): Promise<string> {
    const found = await foundAfter(...changes, rehash(session.id));
    expect(found.chain).toEqual([]);
    expect(found.anchors.state).toBe("differ");
    expect(found.anchors.faults).toHaveLength(1);
    return String(found.anchors.faults[0]);
  }
  const rewritten = () =>
    new RegExp(`^chain ${session.id}, entry \\d+: it, or one before it, was rewritten after anchor 2 of`, "u");

  test("an entry whose patient was exchanged is found", async () => {
    expect(await foundByAnchorsAlone(`UPDATE private.audit_entry SET patient_ids = '{}' WHERE ${at(5)}`)).toMatch(
      rewritten(),
    );
  });

  test("an entry that was deleted is found", async () => {
    expect(
      await foundByAnchorsAlone(`DELETE FROM private.audit_entry WHERE ${at(5)}`, ...close(session.id, 5, -1)),
    ).toBe(
      `chain ${session.id}: it ends at entry ${session.entries - 1}; ${await anchorWords(2)} knows it up to entry ${session.entries}`,
    );
  });

  test("an entry that was put in is found", async () => {
    expect(
      await foundByAnchorsAlone(
        ...close(session.id, 5, 1),
        `INSERT INTO private.audit_entry SELECT chain_id, 6, at, xid, session_id, staff_id, role, action, tool, outcome, patient_ids, workstation, detail, previous_hash, hash
           FROM private.audit_entry WHERE ${at(4)}`,
      ),
    ).toMatch(rewritten());
  });

  test("two entries that were exchanged are found", async () => {
    expect(
      await foundByAnchorsAlone(
        `UPDATE private.audit_entry SET sequence = -1 WHERE ${at(5)}`,
        `UPDATE private.audit_entry SET sequence = 5 WHERE ${at(9)}`,
        `UPDATE private.audit_entry SET sequence = 9 WHERE chain_id = '${session.id}' AND sequence = -1`,
      ),
    ).toMatch(rewritten());
  });

  test("a tail that was cut off is found, with how far it reached", async () => {
    expect(
      await foundByAnchorsAlone(`DELETE FROM private.audit_entry WHERE chain_id = '${session.id}' AND sequence > 7`),
    ).toBe(`chain ${session.id}: it ends at entry 7; ${await anchorWords(2)} knows it up to entry ${session.entries}`);
  });

  test("the same entries with nothing but other moments are found, in every chain of the hospital", async () => {
    const { rows } = await hospital.owner("SELECT id FROM private.audit_chain");
    const anchored = (await anchors.check()).anchors;
    const found = await foundAfter(
      "UPDATE private.audit_entry SET at = at + interval '1 microsecond'",
      ...rows.map((row) => rehash(String(row["id"]))),
    );
    expect(found.chain).toEqual([]);
    expect(anchored).toBe(2);
    // All but the session of the work that came after the last anchor.
    expect(found.anchors.faults).toHaveLength(Math.min(50, rows.length - 1));
  });
});

/** As the words name it. */
async function anchorWords(number: number): Promise<string> {
  const { readAnchorFolder, readAnchorLines } = await import("../../electron/anchors/anchor-file");
  const [file] = (await readAnchorFolder(anchors.folder)).files;
  const line = JSON.parse((await readAnchorLines(String(file?.path)))[number - 1] as string) as { statement: string };
  const { at: moment } = JSON.parse(line.statement) as { at: string };
  return `anchor ${number} of ${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}

const vanishing: Readonly<Record<string, () => readonly string[]>> = {
  "an anchored session with everything that tells of it": () => [
    `DELETE FROM private.audit_entry WHERE chain_id = '${session.id}'`,
    `DELETE FROM private.audit_chain WHERE id = '${session.id}'`,
    `DELETE FROM private.audit_entry WHERE chain_id = '${installation}' AND session_id = '${session.id}'`,
    rehashGaps,
    rehash(installation),
  ],
  "all of the audit, every head set back to nothing": () => [
    "TRUNCATE private.audit_entry",
    `DELETE FROM private.audit_chain WHERE id <> '${installation}'`,
    `UPDATE private.audit_chain SET sequence = 0, hash = '\\x'`,
  ],
};
const rehashGaps = `WITH numbered AS (SELECT ctid AS place, row_number() OVER (ORDER BY sequence) AS number FROM private.audit_entry WHERE chain_id = '${installation}')
  UPDATE private.audit_entry e SET sequence = -n.number FROM numbered n WHERE e.ctid = n.place`;
test.each(Object.entries(vanishing))(
  "the loss of %s leaves a whole chain and is found by the anchors",
  async (name, changes) => {
    const list = [...changes()];
    if (name.startsWith("an anchored"))
      list.splice(4, 0, `UPDATE private.audit_entry SET sequence = -sequence WHERE chain_id = '${installation}'`);
    const found = await foundAfter(...list);
    expect(found.chain).toEqual([]);
    expect(found.anchors.state).toBe("differ");
    expect(found.anchors.faults.join("\n")).toContain(`chain ${session.id}: it is gone; anchor 2 of`);
  },
);

test("an anchor is never written over an audit that went back", async () => {
  await hospital.owner("BEGIN");
  try {
    await hospital.owner("SET LOCAL session_replication_role = replica");
    await hospital.owner(`DELETE FROM private.audit_entry WHERE chain_id = '${session.id}' AND sequence > 7`);
    await hospital.owner(rehash(session.id));
    await expect(anchors.anchoring.write()).rejects.toThrow(/ends at entry 7, and entry \d+ was anchored already/u);
  } finally {
    await hospital.owner("ROLLBACK");
  }
  expect(await anchors.check()).toMatchObject({ state: "agree", anchors: 2 });
});

test("an older backup that was restored is found, each lost session named; begun anew, every check tells of it", async () => {
  const folder = temporaryFolder();
  const file = `${folder.path}/hospital.backup`;
  const target = await startTestCluster({ version: "an empty server", from: [], prepare: async () => undefined });
  const restored = await connectOwner(target.owner);
  try {
    await backUpTo(hospital.cluster.owner, file);
    const later = await work(4);
    expect(await anchors.anchoring.write()).toMatchObject({ number: 3 });
    await restoreFrom(file, target.owner);
    const verdict = await anchors.check(restored.query);
    expect(verdict.state).toBe("differ");
    expect(verdict.faults.join("\n")).toContain(`chain ${later}: it is gone; anchor 3 of`);
    expect(verdict.faults.join("\n")).toMatch(new RegExp(`^chain ${installation}[,:] `, "mu"));
    const { rows } = await restored.query("SELECT faults FROM private.verify_audit()");
    expect(rows[0]?.["faults"]).toEqual([]);

    const afterwards = anchors.at(restored.query);
    await expect(afterwards.write()).rejects.toThrow(/was anchored already|is not the one that was anchored/u);
    expect(await afterwards.write({ restart: "restored the backup of last night" })).toMatchObject({ number: 4 });
    const anew = await anchors.check(restored.query);
    expect(anew).toMatchObject({ state: "agree", faults: [] });
    expect(anew.notices.join("\n")).toContain("began anew: restored the backup of last night");
  } finally {
    await restored.end();
    await target.dispose();
    rmSync(folder.path, { recursive: true, force: true });
  }
});
