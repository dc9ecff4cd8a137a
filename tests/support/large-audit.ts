import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectOwner } from "../../electron/database/pool";
import { auditSorts } from "../../shared/audit/filter";
import { type AnchorPlace, anchorPlace } from "./anchors";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "./hospital";

const WRITERS = 4;
const SESSIONS_EACH = 25;
/** Entries that one writer appends in a transaction. */
const TOGETHER = 10;
/** Stretches of the work: in each, and after each, an anchor is written, however fast the machine is. */
const STRETCHES = 5;

/** Entries like those of reading, in several sessions by turns: the same function, the same locks, short transactions. */
const honestWork = (sessions: readonly string[], steps: number) => `DO $$
  DECLARE
    chains uuid[] := '{${sessions.join(",")}}';
    people text[] := ARRAY['STF001', 'STF002', 'STF003', 'STF005', 'STF006'];
    roles text[] := ARRAY['Doctor', 'Nurse', 'Admin', 'Reception', 'Auditor'];
    actions text[] := ARRAY['ACCESS_GRANTED', 'ACCESS_GRANTED', 'ACCESS_GRANTED', 'TOOL_CALL', 'LLM_TOOL_CALL', 'PHI_ACCESS', 'ACCESS_GRANTED', 'ACCESS_DENIED'];
    tools text[] := ARRAY['get_vital_signs', 'get_medications', 'list_ward', 'get_allergies', 'get_patient_overview', 'get_patient_phi'];
    patients uuid[] := ARRAY(SELECT id FROM hospital.patient ORDER BY id);
    who int; one uuid; asked text; many int := ${steps};
  BEGIN
    FOREACH one IN ARRAY chains LOOP
      CONTINUE WHEN EXISTS (SELECT FROM private.session s WHERE s.id = one);
      who := 1 + get_byte(uuid_send(one), 0) % 5;
      INSERT INTO private.session (id, staff_id, workstation, address, app_version, expires_at)
        VALUES (one, people[who], 'WARD-5A-0' || who, '127.0.0.1', '0', clock_timestamp() + interval '1 hour');
      INSERT INTO private.audit_chain (id) VALUES (one);
      PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', one, people[who], roles[who], 'LOGIN', NULL, 'granted', '{}', 'WARD-5A-0' || who, '{}');
    END LOOP;
    COMMIT;
    FOR step IN 1 .. many LOOP
      FOR again IN 1 .. ${TOGETHER} LOOP
        one := chains[1 + floor(random() * ${SESSIONS_EACH})::int];
        who := 1 + get_byte(uuid_send(one), 0) % 5;
        asked := actions[1 + floor(random() * 8)::int];
        PERFORM private.append_audit(one, one, people[who], roles[who], asked, tools[1 + floor(random() * 6)::int],
          CASE WHEN asked = 'ACCESS_DENIED' THEN 'PATIENT_NOT_FOUND' ELSE 'granted' END,
          ARRAY[patients[1 + floor(random() * 50)::int]], 'WARD-5A-0' || who, jsonb_build_object('via', 'person', 'patient', 'N' || step));
      END LOOP;
      COMMIT;
    END LOOP;
  END $$`;

/**
 * Registers the tests of an audit with so many honest entries (a multiple of 200), written by PostgreSQL's own function from four
 * connections, with anchors in between: no false alarm, and every question answered in time.
 */
export function testLargeAudit(entries: number): void {
  const told = entries.toLocaleString("en-GB");
  const steps = entries / WRITERS / TOGETHER / STRETCHES;
  let hospital: TestHospital;
  let auditor: SignedIn;
  let anchors: AnchorPlace;
  const written: number[] = [];

  beforeAll(async () => {
    hospital = await startTestHospital();
    anchors = anchorPlace(hospital.owner);
    const connections = await Promise.all(Array.from({ length: WRITERS }, () => connectOwner(hospital.cluster.owner)));
    // No hospital has ten thousand reads a second: what watches for haste would find nothing else in this.
    await Promise.all(connections.map((each) => each.query("SET session_replication_role = replica")));
    const sessions = connections.map(() => Array.from({ length: SESSIONS_EACH }, () => randomUUID()));
    const anchor = async () => {
      const one = await anchors.anchoring.write();
      written.push(one?.changed ?? 0);
    };
    for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
      let working = true;
      const work = Promise.all(
        connections.map((each, index) => each.query(honestWork(sessions[index] ?? [], steps))),
      ).finally(() => {
        working = false;
      });
      // Anchors while they write: an anchor never sees half of a chain's step, and never calls a growing chain changed.
      do {
        await anchor();
        await new Promise((resolve) => setTimeout(resolve, 100));
      } while (working);
      await work;
      await anchor();
    }
    await Promise.all(connections.map((each) => each.end()));
    auditor = await signedIn(hospital, accountOf("Auditor"));
    await hospital.owner("ANALYZE private.audit_entry");
  }, 300_000);
  afterAll(async () => {
    anchors.remove();
    await hospital.close();
  });

  async function milliseconds(work: () => Promise<unknown>): Promise<number> {
    const began = performance.now();
    await work();
    return Math.round(performance.now() - began);
  }

  test(`${told} honest entries with anchors in between raise no alarm, at the door and as the owner`, async () => {
    expect(written.length, "anchors written while the sessions worked, and after").toBeGreaterThanOrEqual(
      2 * STRETCHES,
    );
    const took = await milliseconds(async () => {
      const verdict = await auditor.call("verify_audit_chain", {}, { via: "person" });
      expect(verdict).toMatchObject({ ok: true, value: { intact: true, faults: [] } });
      expect((verdict.ok ? (verdict.value as { entries: number }) : { entries: 0 }).entries).toBeGreaterThan(entries);
    });
    const verdict = await anchors.check();
    expect(verdict).toMatchObject({ state: "agree", faults: [], anchors: written.length });
    await anchors.anchoring.write();
    const compared = await milliseconds(async () =>
      expect(await anchors.check()).toMatchObject({ state: "agree", anchors: written.length + 1 }),
    );
    console.info(`verified in ${took} ms, compared with ${written.length + 1} anchors in ${compared} ms`);
  });

  describe(`of ${told} entries a page is read`, () => {
    async function page(question: object) {
      const outcome = await auditor.call("get_audit_trail", { limit: 100, ...question }, { via: "person" });
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
      return outcome.value as { entries: Record<string, unknown>[]; total: number };
    }
    async function timed(name: string, question: object) {
      let found: Awaited<ReturnType<typeof page>> | undefined;
      const times: number[] = [];
      for (let round = 0; round < 3; round += 1)
        times.push(await milliseconds(async () => (found = await page(question))));
      times.sort((a, b) => a - b);
      console.info(`${name}: ${times[1]} ms, ${found?.total} found`);
      return found as Awaited<ReturnType<typeof page>>;
    }

    test.each(auditSorts)("in the order of %s, both ways, also far behind", async (sort) => {
      const down = await timed(`by ${sort}`, { sort });
      expect(down.entries).toHaveLength(100);
      const far = await timed(`by ${sort}, from the other end, half of them passed over`, {
        sort,
        direction: "ascending",
        offset: entries / 2,
      });
      expect(far.entries).toHaveLength(100);
    });

    test.each([
      ["one action that is rare", { action: "LOGIN" }],
      ["refusals", { outcome: "denied" }],
      ["one person", { staff_id: "STF002" }],
      ["a part of a name", { staff_name: "johnson" }],
      ["a role", { staff_role: "Doctor" }],
      ["one patient", { patient_id: "FCE57" }],
      ["a workstation", { workstation: "WARD-5A-02" }],
      ["a tool", { tool: "get_allergies" }],
      ["details", { detail: `N${Math.round(steps * 0.94)}` }],
      ["the last ten minutes", { from: new Date(Date.now() - 600_000).toISOString() }],
    ] as const)("by %s", async (name, filter) => {
      const found = await timed(name, filter);
      const { rows } = await hospital.owner("SELECT count(*)::int AS n FROM private.audit_entry");
      expect(found.total).toBeLessThan(Number(rows[0]?.["n"]));
      expect(found.total).toBeGreaterThan(0);
    });

    test("by everything at once", async () => {
      const { rows } = await hospital.owner(
        `SELECT e.staff_id, e.role AS staff_role, p.patient_number AS patient_id, e.tool, e.workstation
           FROM private.audit_entry e JOIN hospital.patient p ON p.id = e.patient_ids[1]
          WHERE e.action = 'ACCESS_GRANTED' AND e.detail ? 'patient' ORDER BY e.at LIMIT 1`,
      );
      const found = await timed("by everything at once", {
        ...rows[0],
        action: "ACCESS_GRANTED",
        outcome: "granted",
        detail: "person",
      });
      expect(found.total).toBeGreaterThan(0);
      for (const entry of found.entries) expect(entry["tool"]).toBe(rows[0]?.["tool"]);
    });

    test("by one session, in its order", async () => {
      const { rows } = await hospital.owner(
        "SELECT id, sequence FROM private.audit_chain ORDER BY sequence DESC LIMIT 2",
      );
      const one = rows.find(({ id }) => !String(id).startsWith("00000000"));
      let opened: { total: number } | null = null;
      const took = await milliseconds(async () => {
        const outcome = await auditor.call("get_session_forensics", { session: one?.["id"] }, { via: "person" });
        opened = outcome.ok ? (outcome.value as { opened: { total: number } }).opened : null;
      });
      console.info(`one session of ${String(one?.["sequence"])} entries: ${took} ms`);
      expect(opened).toMatchObject({ total: Number(one?.["sequence"]) + 1 });
      expect((await auditor.call("get_session_forensics", { session: randomUUID() }, { via: "person" })).ok).toBe(true);
    });

    test("by who has looked at a patient", async () => {
      const took = await milliseconds(async () =>
        expect(await auditor.call("get_patient_accesses", { patient_id: "FCE57" }, { via: "person" })).toMatchObject({
          ok: true,
        }),
      );
      console.info(`who has looked at one patient: ${took} ms`);
    });
  });
}
