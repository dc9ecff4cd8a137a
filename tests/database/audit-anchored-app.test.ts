import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { systemClock as clock } from "../../electron/clock";
import { composeAudit } from "../../electron/compose-audit";
import { checkAnchors } from "../../electron/health/anchors-check";
import { createDoor } from "../../electron/tools/execute-tool";
import { temporaryFolder } from "../support/backup";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";

/** The app's own room for all of this, as compose.ts builds it, over a real database: the schedule, the door, the health page. */
let hospital: TestHospital;
let auditor: SignedIn;
const home = temporaryFolder();
beforeAll(async () => {
  hospital = await startTestHospital();
  auditor = await signedIn(hospital, accountOf("Auditor"));
  const nurse = await signedIn(hospital, accountOf("Nurse"));
  for (const tool of ["get_vital_signs", "get_allergies", "get_medications"])
    await nurse.call(tool, { patient_id: "FCE57" });
});
afterAll(async () => {
  await hospital.close();
  home.remove();
});
afterEach(() => void vi.useRealTimers());

const log = {
  info: () => undefined,
  warn: () => undefined,
  unexpected: (where: string, error: unknown) => `${where} ${String(error)}`,
};
function room(phase = "ready", database = "embedded", folder?: string) {
  return composeAudit({
    home: home.path,
    configuration: { anchors: { folder, minutes: 15 } } as never,
    hospital: { database: hospital.database, status: { phase, database } } as never,
    session: () => auditor.session,
    clock,
    log: log as never,
    secretBox: () => undefined,
    onProgress: () => undefined,
  });
}
async function verify(audit: ReturnType<typeof room>) {
  const door = createDoor({
    session: auditor.session,
    database: hospital.database,
    clock,
    logUnexpected: log.unexpected,
    anchors: audit.anchors,
  });
  const outcome = await door.execute(
    "verify_audit_chain",
    {},
    { accessToken: await auditor.session.accessToken(), audience: "person", via: "person" },
  );
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}
const files = () => (existsSync(join(home.path, "anchors")) ? readdirSync(join(home.path, "anchors")) : []);
/** Milliseconds: each look asks the database, which a busy machine lets wait. */
const patient = { timeout: 30_000, interval: 20 };
const tick = async (done: () => boolean) => {
  await vi.advanceTimersByTimeAsync(60_000);
  await vi.waitFor(() => expect(done()).toBe(true), patient);
};

test("the app anchors its own database some minutes after the start, and Verify chain says so; a rewritten chain is told in words, never signed over", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const audit = room();
  expect(await verify(audit)).toMatchObject({ intact: true, anchors: { state: "not-checked" } });
  audit.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(files()).toEqual([]);
  await tick(() => files().some((name) => name.endsWith(".jsonl")));
  const [file] = files().filter((name) => name.endsWith(".jsonl"));
  await vi.waitFor(
    async () =>
      expect(await verify(audit)).toMatchObject({ intact: true, anchors: { state: "agree", anchors: 1, faults: [] } }),
    patient,
  );
  // The key lies apart from the anchors, for this account alone.
  expect(statSync(join(home.path, "anchoring", "secrets.json")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(home.path, "anchors", String(file)), "utf8")).not.toContain("PRIVATE");
  // The file has the anchor before the database hears of it.
  await vi.waitFor(
    async () =>
      expect(await checkAnchors(hospital.database.statement, audit.health(), clock)).toMatchObject({ state: "good" }),
    patient,
  );

  // As a superuser with the triggers off: one entry less, every hash and head anew.
  const { rows } = await hospital.owner(
    "SELECT chain_id AS id FROM private.audit_entry WHERE staff_id = 'STF002' AND tool = 'get_medications' ORDER BY at DESC LIMIT 1",
  );
  const chain = String(rows[0]?.["id"]);
  await hospital.owner(`BEGIN; SET LOCAL session_replication_role = replica;
    DELETE FROM private.audit_entry WHERE chain_id = '${chain}' AND sequence > 1;
    UPDATE private.audit_chain SET sequence = 1, hash = (SELECT hash FROM private.audit_entry WHERE chain_id = '${chain}' AND sequence = 1) WHERE id = '${chain}';
    UPDATE private.anchoring SET last_at = now() - interval '1 day'; COMMIT`);
  const verdict = await verify(audit);
  expect(verdict).toMatchObject({ intact: false, faults: [], anchors: { state: "differ" } });
  expect(verdict.anchors.faults).toEqual([expect.stringContaining(`chain ${chain}: it ends at entry 1; anchor 1 of`)]);

  // A later start reads the whole list again and refuses to sign it.
  audit.stop();
  const restarted = room();
  restarted.start();
  await vi.advanceTimersByTimeAsync(60_000);
  await tick(() => restarted.health().trouble !== null);
  expect(restarted.health().trouble).toContain(`The chain ${chain} ends at entry 1`);
  expect(await checkAnchors(hospital.database.statement, restarted.health(), clock)).toMatchObject({ state: "bad" });
  restarted.stop();
  expect(
    readFileSync(join(home.path, "anchors", String(file)), "utf8")
      .trimEnd()
      .split("\n"),
  ).toHaveLength(1);
});

test("a workstation of a central database without a folder writes none, and says plainly that it did not compare", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const audit = room("ready", "central");
  audit.start();
  await vi.advanceTimersByTimeAsync(300_000);
  audit.stop();
  expect(audit.health()).toMatchObject({ writes: false });
  const { anchors } = await verify(audit);
  expect(anchors).toMatchObject({ state: "not-checked", message: expect.stringContaining("IT named no folder") });
});

test("nothing is anchored while the database is not ready", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const other = temporaryFolder();
  const audit = room("unavailable", "embedded", other.path);
  audit.start();
  await vi.advanceTimersByTimeAsync(300_000);
  audit.stop();
  expect(readdirSync(other.path)).toEqual([]);
  other.remove();
});
