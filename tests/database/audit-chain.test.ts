import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { announce, connectDirectly, type Direct, type RawSession, signInDirectly } from "../support/direct";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";

/** A superuser with the triggers off rewrites the audit; "Verify chain" has to notice, whatever row it was. */
let hospital: TestHospital;
let direct: Direct;
let auditor: RawSession;
let announcement: string | null;
const seed = Math.random();
const installation = "00000000-0000-0000-0000-000000000000";

beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  await honestWork();
  await honestWork();
  auditor = await signInDirectly(direct, "demo_auditor");
  ({ announcement } = await announce(direct, auditor.token, "verify_audit_chain"));
  await hospital.owner("UPDATE private.announcement SET expires_at = now() + interval '1 hour' WHERE id = $1", [
    announcement,
  ]);
  await hospital.owner("SELECT setseed($1)", [seed]);
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

/** Eight people at once, each some hundred reads, denials and searches. */
async function honestWork(rounds = 30): Promise<void> {
  const accounts = ["Nurse", "Doctor", "Admin", "Billing", "Reception", "Admin", "Nurse", "Doctor"] as const;
  await Promise.all(
    accounts.map(async (role) => {
      const client = await connectDirectly(hospital);
      const session = await signInDirectly(client, accountOf(role));
      for (let round = 0; round < rounds; round += 1) {
        await announce(client, session.token, "get_vital_signs", { patient: "FCE57", via: "person" });
        await announce(client, session.token, "find_patients", { query: "ch" });
        await announce(client, session.token, "get_patient_overview", { patient: `NO${round}X` });
        await announce(client, session.token, "get_shifts", { reason: 'quote " and \\ and ünïcödé' });
      }
      await client.end();
    }),
  );
}

/** What "Verify chain" finds after a change that is taken back again. */
async function faultsAfter(...changes: readonly string[]): Promise<string[]> {
  await hospital.owner("BEGIN");
  try {
    await hospital.owner("SET LOCAL session_replication_role = replica");
    await hospital.owner("SELECT api.open_request($1, $2)", [auditor.token, announcement]);
    for (const change of changes) await hospital.owner(change);
    const { rows } = await hospital.owner("SELECT faults FROM api.verify_audit()");
    return rows[0]?.["faults"] as string[];
  } finally {
    await hospital.owner("ROLLBACK");
  }
}

interface Place {
  readonly chain: string;
  readonly sequence: number;
}
const at = ({ chain, sequence }: Place) => `chain_id = '${chain}' AND sequence = ${sequence}`;

/** Random rows; `inside` leaves out the first and the last of each chain. */
async function randomRows(count: number, condition = "true"): Promise<Place[]> {
  const { rows } = await hospital.owner(
    `SELECT e.chain_id AS chain, e.sequence FROM private.audit_entry e JOIN private.audit_chain h ON h.id = e.chain_id WHERE ${condition} ORDER BY random() LIMIT $1`,
    [count],
  );
  expect(rows.length, `seed ${seed}`).toBe(count);
  return rows as unknown as Place[];
}

test("thousands of honest entries of eight concurrent sessions raise no alarm, also while others write", async () => {
  const person = await signedIn(hospital, accountOf("Auditor"));
  const [first, , second] = await Promise.all([
    person.call("verify_audit_chain"),
    honestWork(10),
    person.call("verify_audit_chain"),
  ]);
  const third = await person.call("verify_audit_chain");
  for (const outcome of [first, second, third])
    expect(outcome).toMatchObject({ ok: true, value: { intact: true, faults: [] } });
  const { entries, chains } = (third.ok ? third.value : {}) as unknown as { entries: number; chains: number };
  expect(entries).toBeGreaterThan(2200);
  expect(chains).toBeGreaterThan(15);
});

/** A different value of the same type for every column that an entry has or will have. */
const mutations: Readonly<Record<string, (column: string) => string[]>> = {
  uuid: (column) => [`${column} = gen_random_uuid()`],
  int8: (column) => [`${column} = ${column} + 1000000`, `${column} = -${column}`],
  timestamptz: (column) => [`${column} = ${column} + interval '1 microsecond'`],
  xid8: (column) => [`${column} = (${column}::text::bigint + 1)::text::xid8`],
  text: (column) => [
    `${column} = coalesce(${column}, '') || 'x'`,
    `${column} = CASE WHEN ${column} IS NULL THEN '' ELSE upper(${column}) || ' ' END`,
  ],
  _uuid: (column) => [`${column} = array_append(${column}, gen_random_uuid())`, `${column} = ARRAY[NULL]::uuid[]`],
  jsonb: (column) => [`${column} = ${column} || '{"x": null}'`, `${column} = jsonb_build_array(${column})`],
  bytea: (column) => [`${column} = ${column} || '\\x00'`, `${column} = sha256(${column})`],
};

test("altering any column of any entry is found", async () => {
  const { rows: columns } = await hospital.owner(
    "SELECT a.attname AS name, t.typname AS type FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE attrelid = 'private.audit_entry'::regclass AND attnum > 0 AND NOT attisdropped",
  );
  expect(columns.length).toBe(15);
  for (const { name, type } of columns) {
    const mutate = mutations[String(type)];
    if (!mutate) throw new Error(`no mutation for the type ${String(type)} of the column ${String(name)}`);
    for (const change of mutate(String(name)))
      for (const row of await randomRows(2))
        expect(
          await faultsAfter(`UPDATE private.audit_entry SET ${change} WHERE ${at(row)}`),
          `${change} of ${at(row)}, seed ${seed}`,
        ).not.toEqual([]);
  }
});

test("deleting an entry anywhere in a chain is found", async () => {
  const middle = await randomRows(6, "e.sequence > 1 AND e.sequence < h.sequence");
  const ends = [...(await randomRows(3, "e.sequence = h.sequence")), ...(await randomRows(3, "e.sequence = 1"))];
  for (const row of [...middle, ...ends])
    expect(await faultsAfter(`DELETE FROM private.audit_entry WHERE ${at(row)}`), at(row)).not.toEqual([]);
  for (const { chain, sequence } of middle)
    expect(
      await faultsAfter(`DELETE FROM private.audit_entry WHERE chain_id = '${chain}' AND sequence >= ${sequence}`),
    ).not.toEqual([]);
});

test("closing the gap after a deletion does not hide it", async () => {
  for (const { chain, sequence } of await randomRows(4, "e.sequence > 1 AND e.sequence < h.sequence"))
    expect(
      await faultsAfter(
        `DELETE FROM private.audit_entry WHERE chain_id = '${chain}' AND sequence = ${sequence}`,
        `UPDATE private.audit_entry SET sequence = -sequence WHERE chain_id = '${chain}' AND sequence > ${sequence}`,
        `UPDATE private.audit_entry SET sequence = -sequence - 1 WHERE chain_id = '${chain}' AND sequence < 0`,
        `UPDATE private.audit_chain SET sequence = sequence - 1 WHERE id = '${chain}'`,
      ),
    ).not.toEqual([]);
});

const session =
  "(SELECT id FROM private.audit_chain WHERE id <> '00000000-0000-0000-0000-000000000000' AND sequence > 50 ORDER BY random() LIMIT 1)";
const vanishing: Readonly<Record<string, readonly string[]>> = {
  "the head of a session's chain": [`DELETE FROM private.audit_chain WHERE id = ${session}`],
  "all entries of a session": [
    `WITH one AS ${session.replace("id FROM", "id AS c FROM")} DELETE FROM private.audit_entry WHERE chain_id = (SELECT c FROM one)`,
  ],
  "all entries of a session, its head set back to nothing": [
    `CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT ${session} AS id`,
    "DELETE FROM private.audit_entry WHERE chain_id = (SELECT id FROM gone)",
    "UPDATE private.audit_chain SET sequence = 0, hash = '\\x' WHERE id = (SELECT id FROM gone)",
  ],
  "a whole session, with its chain and itself": [
    `CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT ${session} AS id`,
    "DELETE FROM private.audit_entry WHERE chain_id = (SELECT id FROM gone)",
    "DELETE FROM private.audit_chain WHERE id = (SELECT id FROM gone)",
    "DELETE FROM private.session WHERE id = (SELECT id FROM gone)",
  ],
  "the head of the installation's chain": [`DELETE FROM private.audit_chain WHERE id = '${installation}'`],
  "the whole chain of the installation": [
    `DELETE FROM private.audit_entry WHERE chain_id = '${installation}'`,
    `DELETE FROM private.audit_chain WHERE id = '${installation}'`,
  ],
  "the chain of the installation, its head set back to nothing": [
    `DELETE FROM private.audit_entry WHERE chain_id = '${installation}'`,
    `UPDATE private.audit_chain SET sequence = 0, hash = '\\x' WHERE id = '${installation}'`,
  ],
  everything: ["DELETE FROM private.audit_entry", "DELETE FROM private.audit_chain"],
};
test.each(Object.entries(vanishing))("the loss of %s is found", async (_, changes) => {
  expect(await faultsAfter(...changes)).not.toEqual([]);
});

describe("an entry that nobody wrote", () => {
  const copied = (chain: string, sequence: string, row: Place) =>
    `INSERT INTO private.audit_entry SELECT '${chain}', ${sequence}, at, xid, session_id, staff_id, role, action, tool, outcome, patient_ids, workstation, detail, previous_hash, hash
      FROM private.audit_entry WHERE ${at(row)}`;

  test("is found behind the end, before the beginning and in another chain", async () => {
    for (const row of await randomRows(4)) {
      expect(
        await faultsAfter(
          copied(row.chain, `(SELECT sequence + 1 FROM private.audit_chain WHERE id = '${row.chain}')`, row),
        ),
      ).not.toEqual([]);
      expect(await faultsAfter(copied(row.chain, "0", row))).not.toEqual([]);
      expect(await faultsAfter(copied(auditor.id, "999999", row))).not.toEqual([]);
    }
  });

  test("is found although its own hash is right and it continues the chain", async () => {
    const [row] = await randomRows(1, `e.chain_id = '${auditor.id}' AND e.sequence = h.sequence`);
    const forged = `INSERT INTO private.audit_entry SELECT (f).* FROM (SELECT jsonb_populate_record(e, jsonb_build_object('sequence', e.sequence + 1, 'previous_hash', e.hash)) AS f FROM private.audit_entry e WHERE ${at(row as Place)}) s`;
    const hashed = `UPDATE private.audit_entry e SET hash = private.audit_hash(e) WHERE chain_id = '${auditor.id}' AND sequence > (SELECT sequence FROM private.audit_chain WHERE id = '${auditor.id}')`;
    expect(await faultsAfter(forged, hashed)).not.toEqual([]);
  });

  test("is found as a whole invented session with a head and right hashes", async () => {
    const invented = "11111111-1111-4111-8111-111111111111";
    const forge = `SELECT private.append_audit('${invented}', '${invented}', 'STF001', 'Doctor', 'PHI_ACCESS', 'get_patient_phi', 'granted', '{}', 'w', '{}')`;
    expect(await faultsAfter(`INSERT INTO private.audit_chain (id) VALUES ('${invented}')`, forge)).not.toEqual([]);
  });
});

test("exchanging or reordering entries is found, also between chains", async () => {
  const prefixed = (row: Place, alias: string) => at(row).replaceAll(/chain_id|sequence/g, `${alias}.$&`);
  // Each of the two rows takes the columns of the one that it is not.
  const swap = (a: Place, b: Place, columns: string) =>
    `UPDATE private.audit_entry e SET (${columns}) = (SELECT ${columns.replaceAll(/\w+/g, "o.$&")} FROM private.audit_entry o
      WHERE ((${prefixed(a, "o")}) OR (${prefixed(b, "o")})) AND (o.chain_id, o.sequence) <> (e.chain_id, e.sequence))
     WHERE (${prefixed(a, "e")}) OR (${prefixed(b, "e")})`;
  const content = "at, xid, session_id, staff_id, role, action, tool, outcome, patient_ids, workstation, detail";
  for (let round = 0; round < 5; round += 1) {
    const [a, b] = (await randomRows(2)) as [Place, Place];
    for (const columns of [content, `${content}, previous_hash, hash`, "at, xid", "previous_hash, hash"])
      expect(await faultsAfter(swap(a, b, columns)), `${at(a)} ${at(b)} ${columns}, seed ${seed}`).not.toEqual([]);
  }
  const [row] = await randomRows(1, "e.sequence > 1 AND e.sequence < h.sequence");
  const { chain, sequence } = row as Place;
  const exchange = [
    `UPDATE private.audit_entry SET sequence = -1 WHERE chain_id = '${chain}' AND sequence = ${sequence}`,
    `UPDATE private.audit_entry SET sequence = ${sequence} WHERE chain_id = '${chain}' AND sequence = ${sequence + 1}`,
    `UPDATE private.audit_entry SET sequence = ${sequence + 1} WHERE chain_id = '${chain}' AND sequence = -1`,
  ];
  expect(await faultsAfter(...exchange)).not.toEqual([]);
});

test("a committed change is told with its place, and when it is taken back the chain is intact again", async () => {
  const person = await signedIn(hospital, accountOf("Auditor"));
  const [row] = (await randomRows(1)) as [Place];
  const change = async (delta: string) => {
    await hospital.owner(
      `BEGIN; SET LOCAL session_replication_role = replica; UPDATE private.audit_entry SET at = at + interval '${delta}' WHERE ${at(row)}; COMMIT`,
    );
    return person.call("verify_audit_chain");
  };
  expect(await change("1 hour")).toMatchObject({
    value: {
      intact: false,
      faults: [`chain ${row.chain}, entry ${row.sequence}: the content does not match its hash`],
    },
  });
  expect(await change("-1 hour")).toMatchObject({ value: { intact: true, faults: [] } });
});

test("nobody but who reads the whole audit can have the chain verified", async () => {
  const nurse = await signInDirectly(direct, "demo_nurse");
  expect((await announce(direct, nurse.token, "verify_audit_chain")).outcome).toBe("RBAC_DENIED");
  expect(await direct.refusal("SELECT * FROM api.verify_audit()")).toBe("42501");
  const own = await announce(direct, nurse.token, "get_my_access_history");
  await direct.rows("BEGIN READ ONLY");
  await direct.rows("SELECT api.open_request($1, $2)", [nurse.token, own.announcement]);
  expect(await direct.refusal("SELECT * FROM api.verify_audit()")).toBe("42501");
});
