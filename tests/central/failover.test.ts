import { afterEach, beforeEach, expect, test } from "vitest";
import { type ConnectionSettings, connectOwner } from "../../electron/database/pool";
import { type HospitalServer, startHospitalServer } from "../support/central/hospital-server";
import { type PgBouncer, startPgBouncer } from "../support/central/pgbouncer";
import { type Standby, startStandby } from "../support/central/standby";
import { describeCentral } from "../support/central/unless";
import { startWorker, startWorkstation } from "../support/central/workstation";

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describeCentral("a standby that is promoted by hand", () => {
  let server: HospitalServer;
  let standby: Standby;
  let bouncers: PgBouncer[];
  /** Both servers' PgBouncers, as a workstation's URL lists them. */
  let both: ConnectionSettings;

  beforeEach(async () => {
    server = await startHospitalServer({ settings: { fsync: "on", wal_level: "replica", max_wal_senders: "4" } });
    standby = await startStandby(server);
    await server.asSuperuser(async (query) => {
      // As in deploy/central/postgresql.conf: a commit waits for the standby's disk.
      await query("ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (standby)'");
      await query("SELECT pg_reload_conf()");
    });
    const synchronous = () =>
      server.asSuperuser(async (query) => (await query("SELECT sync_state FROM pg_stat_replication")).rows);
    await expect.poll(synchronous).toEqual([{ sync_state: "sync" }]);
    const first = await server.bouncer();
    const second = await startPgBouncer({
      server: standby.postgres,
      secrets: { lamplight_app: await server.secret("lamplight_app") },
      tls: { ...server.certificate, authority: server.authority.file },
    });
    bouncers = [first, second];
    both = { ...server.workstation(first.port), alternatives: [{ host: "localhost", port: second.port }] };
  });
  afterEach(async () => {
    for (const bouncer of bouncers ?? []) await bouncer.stop();
    await standby?.postgres.dispose();
    await server?.dispose();
  });

  const storedAtStandby = async () => {
    const { superuser } = standby.postgres;
    const owner = await connectOwner({ ...superuser, database: server.database });
    const { rows } = await owner.query("SELECT id FROM hospital.chat_message");
    await owner.end();
    return rows.map((row) => String(row["id"]));
  };

  test("takes over while people work; nothing acknowledged is lost, and the old primary is not followed when it returns", async () => {
    const workstation = startWorkstation(both);
    await workstation.until("ready");
    const nurse = await workstation.signIn("demo_nurse");
    const worker = await startWorker(workstation, nurse, "FCE57");
    await expect.poll(() => worker.acknowledged.size).toBeGreaterThan(20);

    await server.postgres.end("SIGKILL");
    await expect.poll(() => workstation.hospital.status.phase).toBe("unavailable");
    // Only the standby answers now: it is told from a server that is away.
    await expect.poll(() => workstation.hospital.status.message).toContain("is a standby and takes no entries");
    standby.promote();
    await workstation.until("ready");
    const sofar = worker.acknowledged.size;
    await expect.poll(() => worker.acknowledged.size).toBeGreaterThan(sofar + 20);

    // The machine of the old primary comes back and starts what it has: a second server that takes entries.
    await server.postgres.start();
    await server.asSuperuser(async (query) => {
      await query("ALTER SYSTEM SET synchronous_standby_names = ''");
      await query("SELECT pg_reload_conf()");
    });
    await bouncers[1]?.stop();
    bouncers.pop();
    // Only the outdated one can be reached: nothing is written there, whatever it answers.
    await expect
      .poll(() => workstation.hospital.status.message)
      .toContain("was replaced by another and lacks what was saved since");
    const lostThere = await server.asSuperuser(async (query) =>
      (await query("SELECT id FROM hospital.chat_message")).rows.map((row) => String(row["id"])),
    );
    await worker.stop();
    expect(nurse.expired()).toBe(false);
    await workstation.stop();

    const there = await storedAtStandby();
    expect([...worker.acknowledged].filter((id) => !there.includes(id))).toEqual([]);
    expect(new Set(there).size).toBe(there.length);
    expect(lostThere.filter((id) => !there.includes(id) && worker.acknowledged.has(id))).toEqual([]);

    // A workstation that starts now knows nothing of what was: of two that take entries it joins the newer timeline.
    const direct = server.workstation(server.postgres.port);
    const fresh = startWorkstation({ ...direct, alternatives: [{ host: "localhost", port: standby.postgres.port }] });
    await fresh.until("ready");
    const [row] = await fresh.hospital.database.statement("SELECT current_setting('port') AS port");
    expect(row?.["port"]).toBe(String(standby.postgres.port));
    await fresh.stop();
  });

  test("takes over behind one unchanged address too, which first leads to a standby", async () => {
    const [bouncer] = bouncers as [PgBouncer];
    const workstation = startWorkstation(server.workstation(bouncer.port));
    await workstation.until("ready");
    const nurse = await workstation.signIn("demo_nurse");
    const worker = await startWorker(workstation, nurse, "FCE57");
    await expect.poll(() => worker.acknowledged.size).toBeGreaterThan(10);

    await server.postgres.end("SIGKILL");
    await bouncer.pointAt(standby.postgres);
    await expect.poll(() => workstation.hospital.status.message).toContain("is a standby and takes no entries");
    const refused = worker.acknowledged.size;
    await pause(500);
    expect(worker.acknowledged.size).toBe(refused);
    standby.promote();
    await workstation.until("ready");
    await expect.poll(() => worker.acknowledged.size).toBeGreaterThan(refused + 10);
    await worker.stop();
    await workstation.stop();
    const there = await storedAtStandby();
    expect([...worker.acknowledged].filter((id) => !there.includes(id))).toEqual([]);
  });
});
