import { createHmac, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { accountOf, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import {
  type OfflineWorkstation,
  removeHomes,
  startWorkstation,
  type WorkstationOptions,
} from "../support/offline-workstation";
import { shortest } from "../support/stopwatch";

let hospital: TestHospital;
const open: OfflineWorkstation[] = [];
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterEach(async () => {
  for (const workstation of open.splice(0)) await workstation.close();
});
afterAll(async () => {
  removeHomes();
  await hospital.close();
});

async function workstationOf(options?: WorkstationOptions): Promise<OfflineWorkstation> {
  const workstation = await startWorkstation(hospital, options);
  open.push(workstation);
  return workstation;
}

/** Signed in with the network, and ready to work without it. */
async function readyNurse(options?: WorkstationOptions): Promise<OfflineWorkstation> {
  const workstation = await workstationOf(options);
  await workstation.signIn(accountOf("Nurse"));
  await workstation.session.view({ idleSeconds: 900, warningSeconds: 60 }, true);
  await workstation.until((state) => state.wardAsOf !== null);
  return workstation;
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "granted",
    (error: Error & { failure?: { code?: string } }) => error.failure?.code ?? String(error),
  );
const set = {
  respiratory_rate: 16,
  oxygen_saturation: 97,
  spo2_scale: 1,
  on_oxygen: false,
  systolic: 128,
  diastolic: 74,
  pulse: 72,
  consciousness: "A",
  temperature: 36.8,
} as const;
const typed = (patient = "FCE57") => ({ id: uuidv7(), patient, recordedAt: new Date().toISOString(), set });
const count = async (text: string, values: unknown[] = []) =>
  Number((await hospital.owner(text, values)).rows[0]?.["n"]);
const stored = (id: string) => count("SELECT count(*) AS n FROM hospital.vital_signs WHERE id = $1", [id]);
const entriesOf = async (sessionId: string, action: string) =>
  (
    await hospital.owner(
      "SELECT outcome, detail, patient_ids FROM private.audit_entry WHERE session_id = $1 AND action = $2 ORDER BY sequence",
      [sessionId, action],
    )
  ).rows;

async function cutAndLock(workstation: OfflineWorkstation): Promise<void> {
  await workstation.line.cut();
  await workstation.until((state) => state.awaySince !== null);
  workstation.session.lock("person");
}

const password = "DemoPass123!";
const sessionOf = async (workstation: OfflineWorkstation) =>
  (await workstation.session.verify(await workstation.session.accessToken())).sessionId;

describe("while the network is there", () => {
  test("each sign-in with a password makes ready for twelve hours, and the audit knows until when", async () => {
    const workstation = await readyNurse();
    const [granted, ...more] = (await entriesOf(await sessionOf(workstation), "OFFLINE_GRANTED")).filter(
      (row) => (row["detail"] as Record<string, unknown>)["grant"] !== undefined,
    );
    expect(more).toEqual([]);
    const until = Date.parse(String((granted?.["detail"] as Record<string, unknown> | undefined)?.["until"]));
    expect(until - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
    expect(until - Date.now()).toBeLessThanOrEqual(12 * 3_600_000 + 1000);
    expect(Date.parse(workstation.state().until ?? "")).toBe(until);
  });

  test("the ward's copy is one announced reading of the own ward, and no screen can read it while the chart is there", async () => {
    const workstation = await readyNurse();
    const entries = await entriesOf(await sessionOf(workstation), "WARD_SNAPSHOT");
    expect(entries.length).toBeGreaterThanOrEqual(1);
    const onWard = (await hospital.owner("SELECT patient_id FROM hospital.placement WHERE ward_code = '5A'")).rows;
    expect(new Set(entries[0]?.["patient_ids"] as string[])).toEqual(new Set(onWard.map((row) => row["patient_id"])));
    expect(await codeOf(workstation.offline.ward())).toBe("OFFLINE_UNAVAILABLE");
  });

  test.each(["Admin", "Billing", "Reception", "Auditor"] as const)("an %s gets no copy of a ward", async (role) => {
    const { call, session } = await signedIn(hospital, accountOf(role));
    expect(await call("get_ward_snapshot")).toMatchObject({ ok: false, failure: { code: "RBAC_DENIED" } });
    await session.signOut();
    const workstation = await workstationOf();
    await workstation.signIn(accountOf(role));
    await workstation.until((state) => state.until !== null);
    expect(workstation.state().wardAsOf).toBeNull();
    await cutAndLock(workstation);
    await workstation.session.unlock(password);
    expect(await codeOf(workstation.offline.ward())).toBe("OFFLINE_UNAVAILABLE");
    expect(await codeOf(workstation.offline.save(typed()))).toBe("OFFLINE_UNAVAILABLE");
  });

  test("models and MCP clients are not offered it", async () => {
    const { call } = await signedIn(hospital, accountOf("Nurse"));
    for (const via of ["assistant", "client"] as const)
      expect(await call("get_ward_snapshot", {}, { via })).toMatchObject({
        ok: false,
        failure: { code: "UNKNOWN_TOOL" },
      });
  });
});

describe("while the network is away", () => {
  test("the same person unlocks, reads the ward as of its time, and everything else says OFFLINE at once", async () => {
    const workstation = await readyNurse();
    const asOf = workstation.state().wardAsOf;
    await cutAndLock(workstation);
    const unlock = async () => {
      workstation.session.lock("person");
      const began = performance.now();
      await workstation.session.unlock(password);
      return performance.now() - began;
    };
    expect(await shortest(1500, unlock)).toBeLessThan(1500);
    expect(workstation.session.isOffline).toBe(true);
    const ward = await workstation.offline.ward();
    expect(ward.as_of).toBe(asOf);
    expect(ward.patients.length).toBeGreaterThan(5);
    const leah = ward.patients.find((patient) => patient.patient_id === "FCE57");
    expect(leah).toMatchObject({
      name: "ARNOLD, Leah (Mrs)",
      bed: "01",
      date_of_birth: "1985-07-14",
      resuscitation_status: "attempt-cpr",
    });
    expect(leah?.allergies.map((allergy) => allergy.substance)).toContain("Penicillin");
    expect(leah?.medications.length).toBeGreaterThan(0);
    const sets = leah?.vital_signs ?? [];
    expect(sets.length).toBeGreaterThan(0);
    expect(sets.every((each) => Date.now() - Date.parse(each.recorded_at) < 24 * 3_600_000 + 60_000)).toBe(true);
    expect(sets.some((each) => each.score.total !== null)).toBe(true);
    expect(ward.patients.some((patient) => patient.resuscitation_status === "do-not-attempt-cpr")).toBe(true);
    expect(ward.patients.some((patient) => patient.resuscitation_status === null)).toBe(true);

    const view = await workstation.session.view({ idleSeconds: 900, warningSeconds: 60 }, true);
    expect(view).toMatchObject({ offline: true, person: { username: "demo_nurse" } });
    const caller = { accessToken: await workstation.session.accessToken(), audience: "person", via: "person" } as const;
    for (const [tool, input] of [
      ["find_patients", { query: "Arn" }],
      ["get_patient_phi", { patient_id: "FCE57" }],
      ["get_my_access_history", {}],
      ["list_ward", {}],
      ["get_ward_snapshot", {}],
    ] as const) {
      const refused = async () =>
        expect(await workstation.door.execute(tool, input, caller), tool).toMatchObject({
          ok: false,
          failure: { code: "OFFLINE" },
        });
      expect(await shortest(100, refused), tool).toBeLessThan(100);
    }
    expect(await codeOf(Promise.resolve().then(() => workstation.session.personalKey()))).toBe("OFFLINE");
    expect(await codeOf(workstation.offline.chart("NOBODY"))).toBe("OFFLINE");
  });

  test("a copy holds nobody of another ward, and no identity beyond the birth date", async () => {
    const workstation = await readyNurse();
    await cutAndLock(workstation);
    await workstation.session.unlock(password);
    const { patients } = await workstation.offline.ward();
    expect(new Set(patients.map((patient) => patient.ward))).toEqual(new Set(["5A"]));
    const text = JSON.stringify(patients);
    for (const word of ["ssn", "address", "phone", "email", "insurance", "emergency_contact"])
      expect(text).not.toContain(`"${word}"`);
  });

  test("nothing of the ward, the password or a key lies open in the home folder", async () => {
    const workstation = await readyNurse();
    await cutAndLock(workstation);
    await workstation.session.unlock(password);
    await workstation.offline.ward();
    await workstation.offline.chart("FCE57");
    await workstation.offline.save(typed());
    const files = readdirSync(workstation.home, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name));
      for (const marker of ["ARNOLD", "Arnold", "FCE57", "Penicillin", password, "demo_nurse"])
        for (const form of ["utf8", "utf16le"] as const)
          expect(bytes.includes(Buffer.from(marker, form)), `${file.name}: ${marker}`).toBe(false);
    }
  });

  test("after a restart of the app the same person signs in by name, anybody else does not", async () => {
    const first = await readyNurse();
    await first.drop();
    open.splice(open.indexOf(first), 1);
    const second = await workstationOf({ home: first.home });
    await second.line.cut();
    await second.until((state) => state.awaySince !== null && state.canSignIn);
    expect(await codeOf(second.signIn(accountOf("Doctor")))).toBe("DATABASE_UNAVAILABLE");
    expect(await codeOf(second.signIn(accountOf("Nurse"), "not her password"))).toBe("SIGN_IN_FAILED");
    await second.signIn(accountOf("Nurse"));
    expect(second.session.isOffline).toBe(true);
    expect((await second.offline.ward()).patients.length).toBeGreaterThan(5);
    const view = await second.session.view({ idleSeconds: 900, warningSeconds: 60 }, true);
    expect(view.shift?.ward).toBe("5A");
  });

  test("five wrong passwords delete access and copy, keep what waits, and the audit hears of it", async () => {
    const workstation = await readyNurse();
    const sessionId = await sessionOf(workstation);
    await workstation.line.cut();
    await workstation.until((state) => state.awaySince !== null);
    const waiting = typed();
    await workstation.offline.save(waiting);
    workstation.session.lock("person");
    for (let time = 1; time <= 4; time += 1)
      expect(await codeOf(workstation.session.unlock("wrong"))).toBe("SIGN_IN_FAILED");
    expect(await codeOf(workstation.session.unlock("wrong"))).toBe("OFFLINE_UNAVAILABLE");
    expect(await codeOf(workstation.session.unlock(password))).toBe("DATABASE_UNAVAILABLE");
    expect(readdirSync(join(workstation.home, "offline", "people"))).toEqual([]);
    expect(workstation.state()).toMatchObject({ canSignIn: false, waiting: 1 });
    await workstation.line.mend();
    await workstation.until((state) => state.waiting === 0);
    expect(await stored(waiting.id)).toBe(1);
    expect(await entriesOf(sessionId, "OFFLINE_USED")).toMatchObject([
      { outcome: "denied", detail: { what: "locked-out" } },
    ]);
    await workstation.session.unlock(password);
    expect(workstation.session.isOffline).toBe(false);
  });

  test("whoever signs out leaves no copy of the ward behind, and may still sign in", async () => {
    const workstation = await readyNurse();
    await workstation.session.signOut();
    await workstation.offline.left();
    const [person] = readdirSync(join(workstation.home, "offline", "people"));
    expect(existsSync(join(workstation.home, "offline", "people", String(person), "ward"))).toBe(false);
    await workstation.line.cut();
    await workstation.until((state) => state.awaySince !== null);
    await workstation.signIn(accountOf("Nurse"));
    expect(await codeOf(workstation.offline.ward())).toBe("OFFLINE_UNAVAILABLE");
  });

  test("a network that swallows everything counts as away soon enough for the lock page", async () => {
    const workstation = await readyNurse();
    const unlock = async () => {
      await workstation.line.mend();
      await workstation.until((state) => state.awaySince === null && !state.session);
      workstation.line.swallow();
      workstation.session.lock("person");
      const began = performance.now();
      await workstation.session.unlock(password);
      expect(workstation.session.isOffline).toBe(true);
      return performance.now() - began;
    };
    expect(await shortest(2000, unlock, 3)).toBeLessThan(2000);
  });
});

describe("of two people at one workstation", () => {
  const pages = { idleSeconds: 900, warningSeconds: 60 };

  test("who leaves takes their own copy of the ward along, never that of a colleague who waits", async () => {
    const workstation = await readyNurse();
    workstation.session.lock("person");
    workstation.session.switchUser();
    // Gone again before anything was made ready for them.
    await workstation.signIn(accountOf("Doctor"));
    await workstation.session.signOut();
    await workstation.offline.left();
    await workstation.line.cut();
    await workstation.until((state) => state.awaySince !== null);
    await workstation.signIn(accountOf("Nurse"));
    expect((await workstation.offline.ward()).patients.length).toBeGreaterThan(0);
  });

  test("what waits is shown to its own person alone, and to nobody behind the lock", async () => {
    const workstation = await readyNurse();
    workstation.session.lock("person");
    workstation.session.switchUser();
    await workstation.signIn(accountOf("Doctor"));
    await workstation.session.view(pages, true);
    await workstation.until((state) => state.wardAsOf !== null);
    workstation.session.lock("person");
    workstation.session.switchUser();
    await workstation.line.cut();
    await workstation.until((state) => state.awaySince !== null);
    await workstation.signIn(accountOf("Nurse"));
    const own = typed();
    await workstation.offline.save(own);
    await workstation.offline.save(typed("6VCB8"));
    expect(await workstation.offline.ownWaiting("FCE57")).toEqual([
      { id: own.id, recordedAt: own.recordedAt, enteredAt: expect.stringMatching(/Z$/u), set },
    ]);
    workstation.session.lock("person");
    expect(await codeOf(workstation.offline.ownWaiting("FCE57"))).toBe("OFFLINE_UNAVAILABLE");
    workstation.session.switchUser();
    await workstation.signIn(accountOf("Doctor"));
    expect(await workstation.offline.ownWaiting("FCE57")).toEqual([]);
  });

  test("a chart that was asked for before a lock is read by nobody, least of all by who came meanwhile", async () => {
    const workstation = await readyNurse();
    await cutAndLock(workstation);
    await workstation.session.unlock(password);
    const nurse = await sessionOf(workstation);
    const asked = codeOf(workstation.offline.chart("FCE57"));
    workstation.session.lock("person");
    await workstation.session.unlock(password);
    expect(await asked).toBe("LOCKED");
    await workstation.line.mend();
    await workstation.until((state) => state.awaySince === null && !state.session);
    await expect.poll(async () => (await entriesOf(nurse, "OFFLINE_USED")).length).toBe(3);
    const used = (await entriesOf(nurse, "OFFLINE_USED")).map(
      (row) => (row["detail"] as Record<string, unknown>)["what"],
    );
    expect(used.toSorted((one, other) => String(one).localeCompare(String(other)))).toEqual([
      "lock",
      "unlock",
      "unlock",
    ]);
  });
});

describe("when the network is back", () => {
  test("a use that the database cannot be told keeps no vital signs from the chart", async () => {
    const workstation = await readyNurse();
    await cutAndLock(workstation);
    await workstation.session.unlock(password);
    const own = typed();
    await workstation.offline.save(own);
    await hospital.owner("ALTER FUNCTION api.tell_offline_used(uuid, text, bytea) RENAME TO tell_nobody");
    try {
      await workstation.line.mend();
      await workstation.until((state) => state.sent !== null && state.waiting === 0);
      expect(await stored(own.id)).toBe(1);
      expect(workstation.faults.length).toBeGreaterThan(0);
    } finally {
      await hospital.owner("ALTER FUNCTION api.tell_nobody(uuid, text, bytea) RENAME TO tell_offline_used");
    }
  });

  test("the session goes on as the database's, what waits is stored once, and the audit is told what was read", async () => {
    const workstation = await readyNurse();
    const sessionId = await sessionOf(workstation);
    await cutAndLock(workstation);
    await workstation.session.unlock(password);
    await workstation.offline.ward();
    await workstation.offline.chart("FCE57");
    const sets = [typed(), typed("6VCB8"), typed("K4RMT")];
    for (const each of sets)
      expect(await workstation.offline.save(each)).toEqual({ id: each.id, where: "workstation" });
    expect(workstation.state().waiting).toBe(3);
    const token = await workstation.session.accessToken();
    await workstation.line.mend();
    const back = await workstation.until((state) => state.sent !== null && state.waiting === 0);
    expect(back).toMatchObject({ awaySince: null, session: false, sent: { count: 3 }, attention: 0 });
    expect(workstation.session.isOffline).toBe(false);
    expect(workstation.locks).toEqual([]);
    for (const each of sets) expect(await stored(each.id)).toBe(1);
    // The token of the time without the database opens nothing any more.
    expect(await codeOf(workstation.session.verify(token))).toBe("SESSION_EXPIRED");
    const outcome = await workstation.door.execute(
      "get_vital_signs",
      { patient_id: "FCE57" },
      { accessToken: await workstation.session.accessToken(), audience: "person", via: "person" },
    );
    expect(
      outcome.ok && outcome.value.vital_signs.some((each) => each.id === sets[0]?.id && each.origin === "outbox"),
    ).toBe(true);
    const used = await entriesOf(sessionId, "OFFLINE_USED");
    expect(used.map((row) => (row["detail"] as Record<string, unknown>)["what"])).toEqual(["unlock", "ward", "chart"]);
    expect((used[2]?.["detail"] as Record<string, unknown> | undefined)?.["patient"]).toBe("FCE57");
    expect(workstation.faults).toEqual([]);
  });

  test.each([
    [
      "disabled",
      "UPDATE hospital.staff SET disabled_at = clock_timestamp() WHERE username = 'demo_nurse'",
      "UPDATE hospital.staff SET disabled_at = NULL WHERE username = 'demo_nurse'",
      "person-disabled",
    ],
    [
      "given another password",
      "UPDATE private.credential SET verifier = sha256(verifier) WHERE staff_id = (SELECT id FROM hospital.staff WHERE username = 'demo_nurse')",
      undefined,
      null,
    ],
  ] as const)(
    "a person who was %s meanwhile is locked out first, and replays nothing silently",
    async (_what, act, undo, reason) => {
      const before = (
        await hospital.owner(
          "SELECT staff_id, verifier FROM private.credential WHERE staff_id = (SELECT id FROM hospital.staff WHERE username = 'demo_nurse')",
        )
      ).rows[0];
      const workstation = await readyNurse();
      await cutAndLock(workstation);
      await workstation.session.unlock(password);
      const each = typed();
      await workstation.offline.save(each);
      await hospital.owner(act);
      try {
        await workstation.line.mend();
        await workstation.until((state) => state.awaySince === null && state.waiting === 0);
        expect(workstation.locks).toEqual(["refused"]);
        expect(workstation.session.kind).toBe("locked");
        if (reason === null) {
          // The session that vouched for it was honest while it lasted.
          expect(await stored(each.id)).toBe(1);
          return;
        }
        expect(await stored(each.id)).toBe(0);
        expect(
          await count("SELECT count(*) AS n FROM private.outbox_refusal WHERE entry_id = $1 AND reason = $2", [
            each.id,
            reason,
          ]),
        ).toBe(1);
        expect(await workstation.offline.attention()).toEqual([
          {
            id: each.id,
            kind: "refused",
            own: false,
            canSettle: false,
            reason: null,
            patient: null,
            recordedAt: null,
            enteredAt: null,
          },
        ]);
      } finally {
        if (undo) await hospital.owner(undo);
        await hospital.owner("UPDATE private.credential SET verifier = $2 WHERE staff_id = $1", [
          before?.["staff_id"],
          before?.["verifier"],
        ]);
        await hospital.owner("DELETE FROM private.sign_in_counter");
      }
    },
  );
});

describe("what the database believes of a workstation's word", () => {
  test("a use is taken once, with its code alone, and bound to its grant", async () => {
    const { session } = await signedIn(hospital, accountOf("Nurse"));
    const [grant, other] = [randomUUID(), randomUUID()];
    const ask = (text: string, values: unknown[]) => hospital.database.statement(text, values);
    const grantOf = async (id: string, workstation = "a workstation") =>
      (await ask("SELECT * FROM api.grant_offline($1, $2, $3)", [session.databaseToken(), id, workstation]))[0];
    const first = await grantOf(grant);
    expect(await grantOf(grant)).toEqual(first);
    await grantOf(other);
    await expect(grantOf(grant, "another")).rejects.toMatchObject({ failure: { code: "RBAC_DENIED" } });
    const payload = JSON.stringify({ v: 1, id: randomUUID(), what: "unlock", at: "2026-04-05T09:05:00.000Z" });
    const mac = createHmac("sha256", first?.["usage_key"] as Buffer)
      .update(payload)
      .digest();
    const tell = async (id: string, text: string, code: Buffer) =>
      (await ask("SELECT api.tell_offline_used($1, $2, $3) AS outcome", [id, text, code]))[0]?.["outcome"];
    expect(await tell(other, payload, mac)).toBe("refused");
    expect(await tell(randomUUID(), payload, mac)).toBe("refused");
    expect(await tell(grant, payload.replace("unlock", "unlick"), mac)).toBe("refused");
    expect(await tell(grant, payload, mac)).toBe("stored");
    expect(await tell(grant, payload, mac)).toBe("already");
    await session.signOut();
    expect(await codeOf(grantOf(randomUUID()))).not.toBe("granted");
  });

  test("a use whose code is right and whose text is none is refused without an error", async () => {
    const { session } = await signedIn(hospital, accountOf("Nurse"));
    const grant = randomUUID();
    const [row] = await hospital.database.statement("SELECT * FROM api.grant_offline($1, $2, 'w')", [
      session.databaseToken(),
      grant,
    ]);
    for (const payload of ["", "{", "[]", '{"id":"none"}', '{"v":1}', `{"id":"${randomUUID()}","at":{}}`]) {
      const mac = createHmac("sha256", row?.["usage_key"] as Buffer)
        .update(payload)
        .digest();
      const [said] = await hospital.database.statement("SELECT api.tell_offline_used($1, $2, $3) AS outcome", [
        grant,
        payload,
        mac,
      ]);
      expect(said?.["outcome"], payload).toBe("refused");
    }
  });
});
