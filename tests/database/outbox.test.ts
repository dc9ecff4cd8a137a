import { randomBytes, randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { issueOutboxKey, type OutboxKey, replayObservation } from "../../electron/records/outbox";
import { recordVitalSigns } from "../../electron/records/vital-signs-record";
import type { AuthenticatedEntry } from "../../shared/offline/outbox-entry";
import { connectDirectly, type Direct, type RawSession, signInDirectly } from "../support/direct";
import { accountOf, startTestHospital, type TestHospital } from "../support/hospital";
import { authenticated, ordinarySet, payloadOf } from "../support/outbox";
import { columns } from "../support/product-table";
import { type Scene, setScene } from "../support/scene";

let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
let other: Direct;
let nurse: RawSession;
let key: OutboxKey;
beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  other = await connectDirectly(hospital);
});
beforeEach(async () => {
  nurse = await signInDirectly(direct, "demo_nurse");
  key = await issueOutboxKey(hospital.database, nurse.token);
});
afterAll(async () => {
  await direct.end();
  await other.end();
  await hospital.close();
});

const entry = (changes: Record<string, unknown> = {}, patient = scene.ours.number) =>
  authenticated(key, payloadOf(key, patient, changes));
const idOf = (each: AuthenticatedEntry) => String((JSON.parse(each.payload) as { id: string }).id);
const replay = (each: AuthenticatedEntry) => replayObservation(hospital.database, each);
const reasonOf = async (each: AuthenticatedEntry) => (await replay(each)).reason;
const storedRows = async (ids: readonly string[]) =>
  (await hospital.owner("SELECT * FROM hospital.vital_signs WHERE id = ANY ($1::uuid[])", [ids])).rows;
const refusalsOf = async (each: AuthenticatedEntry) =>
  (await hospital.owner("SELECT * FROM private.outbox_refusal WHERE payload = $1", [each.payload])).rows;
const auditOf = async (set: string) =>
  (
    await hospital.owner(
      "SELECT action, outcome, chain_id, patient_ids FROM private.audit_entry WHERE detail ->> 'set' = $1",
      [set],
    )
  ).rows;
const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
const minute = 60_000;

describe("the key", () => {
  test("is issued once to a session, for twelve hours, and asked again it is the same one", async () => {
    expect(key.key).toHaveLength(32);
    expect(key).toMatchObject({ staff: nurse.staffId, session: nurse.id, workstation: "a bare client" });
    expect(new Date(key.notAfter).getTime() - new Date(key.issuedAt).getTime()).toBe(12 * 3_600_000);
    const again = await Promise.all([1, 2, 3].map(() => issueOutboxKey(hospital.database, nurse.token)));
    for (const each of again) expect(each).toEqual(key);
    const later = await signInDirectly(direct, "demo_nurse");
    const another = await issueOutboxKey(hospital.database, later.token);
    expect(another.id).not.toBe(key.id);
    expect(another.key.equals(key.key)).toBe(false);
  });

  test("of three askers at once in a new session is one key, with one audit entry", async () => {
    const fresh = await signInDirectly(direct, "demo_doctor");
    const keys = await Promise.all([1, 2, 3].map(() => issueOutboxKey(hospital.database, fresh.token)));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    const { rows } = await hospital.owner(
      "SELECT FROM private.audit_entry WHERE chain_id = $1 AND action = 'OFFLINE_GRANTED' AND tool = 'outbox_key'",
      [fresh.id],
    );
    expect(rows).toHaveLength(1);
  });

  test("that ran out is followed by another", async () => {
    await hospital.owner(
      "UPDATE private.outbox_key SET issued_at = now() - interval '13 hours', not_after = now() - interval '1 hour' WHERE id = $1",
      [key.id],
    );
    expect((await issueOutboxKey(hospital.database, nurse.token)).id).not.toBe(key.id);
  });

  test.each(columns)("%s asks for one", async (role) => {
    const { token, id } = await signInDirectly(direct, accountOf(role));
    const answer = issueOutboxKey(hospital.database, token).then(
      () => "issued",
      (error: { failure: { code: string } }) => error.failure.code,
    );
    expect(await answer).toBe(role === "Nurse" || role === "Doctor" ? "issued" : "RBAC_DENIED");
    const { rows } = await hospital.owner(
      "SELECT action FROM private.audit_entry WHERE chain_id = $1 AND tool = 'outbox_key'",
      [id],
    );
    expect(rows).toEqual([{ action: role === "Nurse" || role === "Doctor" ? "OFFLINE_GRANTED" : "ACCESS_DENIED" }]);
  });

  test("is not told to who has only the workstation's login", async () => {
    expect(await direct.refusal("SELECT * FROM api.outbox_key('guess')")).toBe("28000");
    expect(await direct.refusal("SELECT key FROM private.outbox_key")).toBe("42501");
  });
});

describe("an entry", () => {
  test("is stored as its author's, with nobody signed in, and audited in the author's chain", async () => {
    const each = entry();
    await direct.rows("SELECT api.sign_out($1)", [nurse.token]);
    expect(await replay(each)).toEqual({ outcome: "stored", reason: null });
    expect(await storedRows([idOf(each)])).toMatchObject([
      {
        patient_id: scene.ours.id,
        pulse: 84,
        recorded_by_id: nurse.staffId,
        origin: "outbox",
        workstation: "a bare client",
        session_id: nurse.id,
      },
    ]);
    expect(await auditOf(idOf(each))).toEqual([
      { action: "OUTBOX_REPLAYED", outcome: "granted", chain_id: nurse.id, patient_ids: [scene.ours.id] },
    ]);
  });

  test("of 40 replayed ten times in random order over two connections is stored once, and every flipped bit is refused", async () => {
    const entries = Array.from({ length: 40 }, (_, n) => entry({ set: { ...ordinarySet, pulse: 60 + n } }));
    const flipped = entries.slice(0, 8).map((each, n) => {
      const bytes = Buffer.from(n % 2 === 0 ? each.payload : each.mac);
      const at = randomBytes(2).readUInt16BE() % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (n % 2 === 0 ? 1 : 1 << (n % 8));
      return n % 2 === 0 ? { ...each, payload: bytes.toString("utf8") } : { ...each, mac: bytes };
    });
    const copies = Array.from({ length: 10 }, () => [...entries, ...flipped]).flat();
    for (let left = copies.length - 1; left > 0; left -= 1) {
      const pick = Math.floor(Math.random() * (left + 1));
      [copies[left], copies[pick]] = [copies[pick] as AuthenticatedEntry, copies[left] as AuthenticatedEntry];
    }
    const counts = new Map<string, number>();
    const send = async (connection: Direct, some: readonly AuthenticatedEntry[]) => {
      for (const { keyId, payload, mac } of some) {
        const [row] = await connection.rows("SELECT * FROM api.replay_observation($1, $2, $3)", [keyId, payload, mac]);
        const answer = [row?.["outcome"], row?.["reason"]].filter(Boolean).join(" ");
        counts.set(answer, (counts.get(answer) ?? 0) + 1);
      }
    };
    // Both walk all of it, against each other.
    await Promise.all([send(direct, copies), send(other, [...copies].reverse())]);
    expect(Object.fromEntries(counts)).toEqual({ stored: 40, already: 760, "refused bad-mac": 160 });
    expect(await storedRows(entries.map(idOf))).toHaveLength(40);
    const { rows } = await hospital.owner(
      "SELECT count(*)::int AS n FROM private.audit_entry WHERE action = 'OUTBOX_REPLAYED' AND detail ->> 'set' = ANY ($1)",
      [entries.map(idOf)],
    );
    expect(rows).toEqual([{ n: 40 }]);
  });

  test("that was recorded online before its answer was lost is that same set", async () => {
    const moment = at(-minute);
    const each = entry({ recorded_at: moment });
    const given = { submission: idOf(each), patient_id: scene.ours.number, recorded_at: moment, set: ordinarySet };
    expect(await recordVitalSigns(hospital.database, nurse.token, given)).toBe("stored");
    expect(await replay(each)).toEqual({ outcome: "already", reason: null });
    const later = entry({ recorded_at: moment });
    expect(await replay(later)).toMatchObject({ outcome: "stored" });
    expect(await recordVitalSigns(hospital.database, nurse.token, { ...given, submission: idOf(later) })).toBe(
      "already",
    );
  });

  test("with the id of another set is kept as a conflict", async () => {
    const each = entry();
    await replay(each);
    const second = entry({ id: idOf(each), set: { ...ordinarySet, pulse: 130 } });
    expect(await replay(second)).toEqual({ outcome: "refused", reason: "conflict" });
    expect(await storedRows([idOf(each)])).toMatchObject([{ pulse: 84 }]);
    expect(await refusalsOf(second)).toMatchObject([{ reason: "conflict", patient_id: scene.ours.id }]);
  });
});

describe("what nobody's key authenticates", () => {
  const flip = (bytes: Uint8Array) => Buffer.from([...bytes].map((byte, n) => (n === 5 ? byte ^ 16 : byte)));
  const forgeries: [string, (each: AuthenticatedEntry) => AuthenticatedEntry][] = [
    ["another figure", (each) => ({ ...each, payload: each.payload.replace('"pulse":84', '"pulse":85') })],
    ["a space more", (each) => ({ ...each, payload: `${each.payload} ` })],
    ["a flipped bit in the code", (each) => ({ ...each, mac: flip(each.mac) })],
    ["a code cut short", (each) => ({ ...each, mac: Buffer.from(each.mac.subarray(0, 31)) })],
    ["a code with a byte more", (each) => ({ ...each, mac: Buffer.concat([each.mac, Buffer.from([0])]) })],
    ["no code", (each) => ({ ...each, mac: Buffer.alloc(0) })],
    ["a key that does not exist", (each) => ({ ...each, keyId: randomUUID() })],
    ["the code of no key", (each) => authenticated({ ...key, id: randomUUID(), key: Buffer.alloc(32) }, each.payload)],
    ["twenty thousand bytes", (each) => authenticated(key, `${each.payload}${" ".repeat(20_000)}`)],
  ];
  test.each(forgeries)("%s: refused, and nothing of it is stored", async (_, change) => {
    const genuine = entry();
    const forged = change(genuine);
    expect(await replay(forged)).toEqual({ outcome: "refused", reason: "bad-mac" });
    expect(await refusalsOf(forged)).toEqual([]);
    expect(await storedRows([idOf(genuine)])).toEqual([]);
  });

  test("NULL for anything is a forgery like any other", async () => {
    const { keyId, payload, mac } = entry();
    for (const values of [
      [null, payload, mac],
      [keyId, null, mac],
      [keyId, payload, null],
    ])
      expect(await direct.rows("SELECT * FROM api.replay_observation($1, $2, $3)", values)).toEqual([
        { outcome: "refused", reason: "bad-mac" },
      ]);
  });

  test("is counted, and the audit and the alert hear of a flood once a minute", async () => {
    const told = async () =>
      Number(
        (
          await hospital.owner(
            "SELECT count(*)::int AS n FROM private.audit_entry WHERE action = 'OUTBOX_REFUSED' AND outcome = 'bad-mac'",
          )
        ).rows[0]?.["n"],
      );
    const counted = async () =>
      Number((await hospital.owner("SELECT sum(attempts)::int AS n FROM private.outbox_forgery")).rows[0]?.["n"]);
    const before = { told: await told(), counted: await counted() };
    const started = Date.now();
    for (let n = 0; n < 60; n += 1) await replay({ ...entry(), mac: randomBytes(32) });
    const minutes = Math.floor(Date.now() / minute) - Math.floor(started / minute) + 1;
    expect((await counted()) - before.counted).toBe(60);
    expect((await told()) - before.told).toBeLessThanOrEqual(minutes);
    const { rows } = await hospital.owner(
      "SELECT severity, staff_id, patient_ids FROM private.alert WHERE rule = 'outbox-forged'",
    );
    expect(rows).toEqual([{ severity: "review", staff_id: null, patient_ids: [] }]);
  });
});

describe("what is authentic and refused is kept, once, and audited", () => {
  async function refused(each: AuthenticatedEntry, reason: string): Promise<Record<string, unknown>> {
    expect(await replay(each)).toEqual({ outcome: "refused", reason });
    expect(await replay(each)).toEqual({ outcome: "refused", reason });
    const kept = await refusalsOf(each);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ reason, staff_id: key.staff, key_id: key.id, settled_at: null });
    const { rows } = await hospital.owner(
      "SELECT count(*)::int AS n FROM private.audit_entry WHERE chain_id = $1 AND action = 'OUTBOX_REFUSED' AND outcome = $2",
      [key.session, reason],
    );
    expect(rows[0]?.["n"]).toBe(1);
    return kept[0] ?? {};
  }

  test.each([
    ["another person", { staff: "STF001" }],
    ["another session", { session: randomUUID() }],
    ["another workstation", { workstation: "the next desk" }],
  ])("as %s", async (_, claim) => {
    await refused(entry(claim), "wrong-author");
    const { rows } = await hospital.owner(
      "SELECT detail FROM private.alert WHERE rule = 'outbox-refused' AND session_id = $1",
      [key.session],
    );
    expect(rows).toEqual([{ detail: { reason: "wrong-author" } }]);
  });

  test("of an author who was disabled meanwhile: nothing of theirs is stored in silence, before or after they are back", async () => {
    const before = entry();
    const after = entry();
    await replay(before);
    await hospital.owner("UPDATE hospital.staff SET disabled_at = now() WHERE id = $1", [key.staff]);
    try {
      await refused(after, "person-disabled");
      // What was stored while they were in good standing stays, and says so.
      expect(await replay(before)).toEqual({ outcome: "already", reason: null });
    } finally {
      await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL WHERE id = $1", [key.staff]);
    }
    expect(await reasonOf(after)).toBe("person-disabled");
    expect(await storedRows([idOf(after)])).toEqual([]);
  });

  test("of a session that an administrator ended, or that ended for a reason nobody knows", async () => {
    const first = entry();
    await hospital.owner(
      "UPDATE private.session SET ended_at = now(), token_hash = NULL, ended_because = 'ended by an administrator' WHERE id = $1",
      [key.session],
    );
    await refused(first, "session-revoked");
    await hospital.owner("UPDATE private.session SET ended_because = NULL WHERE id = $1", [key.session]);
    expect(await reasonOf(entry())).toBe("session-revoked");
  });

  test("but not of one that its person left, that ran out or that a newer one replaced", async () => {
    for (const because of ["person", "expired", "replaced by a newer session"]) {
      await hospital.owner(
        "UPDATE private.session SET ended_at = now(), token_hash = NULL, ended_because = $2 WHERE id = $1",
        [key.session, because],
      );
      expect(await replay(entry()), because).toEqual({ outcome: "stored", reason: null });
    }
    await hospital.owner(
      "UPDATE private.session SET ended_at = now() - interval '10 minutes', ended_because = 'person' WHERE id = $1",
      [key.session],
    );
    await hospital.owner("UPDATE private.outbox_key SET issued_at = now() - interval '1 hour' WHERE id = $1", [key.id]);
    expect(await reasonOf(entry())).toBe("session-revoked");
    expect(await reasonOf(entry({ recorded_at: at(-20 * minute), entered_at: at(-20 * minute) }))).toBeNull();
  });

  test("of a role that may not record any more", async () => {
    await hospital.owner("UPDATE hospital.staff SET role = 'Reception' WHERE id = $1", [key.staff]);
    try {
      await refused(entry(), "not-permitted");
    } finally {
      await hospital.owner("UPDATE hospital.staff SET role = 'Nurse' WHERE id = $1", [key.staff]);
    }
  });

  test("for another ward's patient and for nobody's number alike", async () => {
    const kept = await refused(entry({}, scene.theirs.number), "not-care-team");
    expect(kept["patient_id"]).toBe(scene.theirs.id);
    const nobody = entry({}, "ZZZZ9");
    expect(await replay(nobody)).toEqual({ outcome: "refused", reason: "not-care-team" });
    expect(await refusalsOf(nobody)).toMatchObject([{ patient_id: null, patient_number: "ZZZZ9" }]);
  });

  test("judged by the care team of the recorded time, not of now", async () => {
    await hospital.owner(
      "UPDATE private.outbox_key SET issued_at = now() - interval '11 hours', not_after = now() + interval '1 hour' WHERE id = $1",
      [key.id],
    );
    const patient = await hospital.owner(
      "SELECT p.id, p.patient_number AS number FROM hospital.patient p WHERE NOT EXISTS (SELECT FROM hospital.placement b WHERE b.patient_id = p.id) LIMIT 1",
    );
    const { id, number } = patient.rows[0] as { id: string; number: string };
    await hospital.owner("UPDATE hospital.appointment SET staff_id = NULL WHERE patient_id = $1", [id]);
    await hospital.owner("DELETE FROM hospital.assignment WHERE patient_id = $1", [id]);
    await hospital.owner(
      "INSERT INTO hospital.assignment (staff_id, patient_id, reason, valid_from, valid_to) VALUES ($1, $2, 'relief', now() - interval '3 hours', now() - interval '2 hours')",
      [key.staff, id],
    );
    const hoursAgo = (hours: number) => ({
      recorded_at: at(-hours * 60 * minute),
      entered_at: at(-hours * 60 * minute),
    });
    expect(await reasonOf(entry(hoursAgo(2.5), number))).toBeNull();
    expect(await reasonOf(entry(hoursAgo(1.5), number))).toBe("not-care-team");
    expect(await reasonOf(entry(hoursAgo(3.5), number))).toBe("not-care-team");
  });

  test("with a clock that is ahead, and one that is a little off is borne", async () => {
    expect(await reasonOf(entry({ recorded_at: at(minute), entered_at: at(minute) }))).toBeNull();
    await refused(entry({ recorded_at: at(10 * minute), entered_at: at(10 * minute) }), "in-future");
    expect(
      await reasonOf(entry({ recorded_at: at(366 * 24 * 60 * minute), entered_at: at(366 * 24 * 60 * minute) })),
    ).toBe("in-future");
    expect(await reasonOf(entry({ recorded_at: at(0), entered_at: at(-10 * minute) }))).toBe("in-future");
  });

  test("measured before the key was issued or after it ran out", async () => {
    await refused(entry({ recorded_at: at(-10 * minute) }), "expired-key");
    await hospital.owner(
      "UPDATE private.outbox_key SET issued_at = now() - interval '13 hours', not_after = now() - interval '1 hour' WHERE id = $1",
      [key.id],
    );
    expect(await reasonOf(entry())).toBe("expired-key");
    expect(await reasonOf(entry({ recorded_at: at(-90 * minute), entered_at: at(-90 * minute) }))).toBeNull();
    expect(await reasonOf(entry({ recorded_at: at(-90 * minute), entered_at: at(0) }))).toBe("expired-key");
  });

  test.each([
    ["a figure beyond the limits", { set: { ...ordinarySet, systolic: 351 } }],
    ["nothing measured", { set: { spo2_scale: 1 } }],
    ["a set that is none", { set: "80" }],
    ["no set", { set: undefined }],
    ["a number too large for the column", { set: { ...ordinarySet, pulse: 1e300 } }],
  ])("with %s", async (_, change) => {
    await refused(entry(change), "implausible");
  });

  test.each([
    ["another version", { v: 2 }],
    ["an id of no version 7", { id: randomUUID() }],
    ["an id that is none", { id: "7" }],
    ["a time without its offset", { recorded_at: "2026-04-05T09:00:00" }],
    ["a time that never was", { recorded_at: "2026-02-31T09:00:00Z" }],
    ["a patient that is no text", { patient: 7 }],
    ["no time of entry", { entered_at: undefined }],
  ])("%s cannot be read, and is kept for a person", async (_, change) => {
    await refused(entry(change), "malformed");
  });

  test.each([
    ["no JSON", "not json"],
    ["a list", "[]"],
    ["null", "null"],
    ["deep nesting", "[".repeat(16_000)],
    ["a character that PostgreSQL has none of", '{"v":1,"id":"\\u0000"}'],
  ])("%s, authenticated, is kept too", async (_, text) => {
    const each = authenticated(
      key,
      text === "not json" ? `${text} ${uuidv7()}` : `${text}${" ".repeat(randomBytes(1)[0] ?? 0)}`,
    );
    expect(await reasonOf(each)).toBe("malformed");
    expect(await refusalsOf(each)).toHaveLength(1);
  });

  test("the chain stays whole through all of it", async () => {
    const { rows } = await hospital.owner("SELECT faults FROM private.verify_audit()");
    expect(rows).toEqual([{ faults: [] }]);
  });
});
