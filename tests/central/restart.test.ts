import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Refusal } from "../../shared/failure";
import { type HospitalServer, startHospitalServer } from "../support/central/hospital-server";
import type { PgBouncer } from "../support/central/pgbouncer";
import { describeCentral } from "../support/central/unless";
import { startWorker, startWorkstation, type Worker, type Workstation } from "../support/central/workstation";

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describeCentral("a database that goes away under people's hands", () => {
  let server: HospitalServer;
  let bouncer: PgBouncer;
  beforeAll(async () => {
    server = await startHospitalServer({ settings: { fsync: "on" } });
    bouncer = await server.bouncer({ default_pool_size: "4", reserve_pool_size: "0" });
  });
  afterAll(async () => {
    await bouncer?.stop();
    await server?.dispose();
  });

  async function stored(): Promise<Map<string, number>> {
    return server.asSuperuser(async (query) => {
      const { rows } = await query("SELECT id, count(*)::int AS times FROM hospital.chat_message GROUP BY id");
      return new Map(rows.map((row) => [String(row["id"]), Number(row["times"])]));
    });
  }

  /** Three people at work while `happens`; afterwards every acknowledged message is there once and work goes on. */
  async function workWhile(port: number, happens: (workers: readonly Worker[]) => Promise<void>) {
    const workstation: Workstation = startWorkstation(server.workstation(port));
    await workstation.until("ready");
    const people = await Promise.all(
      ["demo_nurse", "demo_nurse", "demo_doctor"].map((name) => workstation.signIn(name)),
    );
    const workers = await Promise.all(people.map((person) => startWorker(workstation, person, "FCE57")));
    await expect.poll(() => workers.every((worker) => worker.reads > 3)).toBe(true);
    await happens(workers);
    await workstation.until("ready");
    const before = workers.map((worker) => worker.reads);
    await expect.poll(() => workers.every((worker, index) => worker.reads > (before[index] as number) + 3)).toBe(true);
    for (const worker of workers) await worker.stop();
    const there = await stored();
    for (const worker of workers) {
      expect([...worker.acknowledged].filter((id) => there.get(id) !== 1)).toEqual([]);
      // Nothing but "the database is away", and never as the end of a session: nobody has to sign in again.
      for (const code of worker.refusals.keys()) expect(["DATABASE_UNAVAILABLE", "DATABASE_BUSY"]).toContain(code);
    }
    for (const person of people) expect(person.expired()).toBe(false);
    await workstation.stop();
    return { workers, workstation };
  }

  test.each([["PgBouncer"], ["PostgreSQL itself"]])(
    "an immediate restart, reached through %s, loses nothing that was acknowledged",
    async (way) => {
      const { workers, workstation } = await workWhile(
        way === "PgBouncer" ? bouncer.port : server.postgres.port,
        async () => {
          await server.postgres.end("SIGQUIT");
          await pause(700);
          await server.postgres.start();
        },
      );
      // PgBouncer lets who asks wait for a moment: a short restart may be no news to anybody there.
      if (way !== "PgBouncer") {
        expect(workers.some((worker) => worker.refusals.has("DATABASE_UNAVAILABLE"))).toBe(true);
        expect(workstation.said.join("\n")).toMatch(/unavailable: The database (does not answer|ended|is starting)/u);
      }
      expect(workstation.said.at(-1)).toBe("ready");
    },
  );

  test.each([["PgBouncer"], ["PostgreSQL itself"]])(
    "connections to %s that an administrator ends again and again lose nothing",
    async (way) => {
      await workWhile(way === "PgBouncer" ? bouncer.port : server.postgres.port, async () => {
        for (let round = 0; round < 8; round += 1) {
          await server.asSuperuser((query) =>
            query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lamplight_app'"),
          );
          await pause(150);
        }
      });
    },
  );

  test("a connection that ended while nobody used it costs nobody a refusal", async () => {
    const workstation = startWorkstation(server.workstation(server.postgres.port));
    await workstation.until("ready");
    const nurse = await workstation.signIn("demo_nurse");
    const ended = await server.asSuperuser(async (query) => {
      const { rows } = await query(
        "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lamplight_app'",
      );
      return rows.map((row) => Number(row["pid"]));
    });
    expect(ended.length).toBeGreaterThan(0);
    await expect.poll(() => ended.some((pid) => existsSync(`/proc/${pid}`))).toBe(false);
    // Two turns, between which this process hears what came over its connections.
    await pause(100);
    await pause(100);
    expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
    await workstation.stop();
  });

  test("a server that hangs is noticed, the app quits at once all the same, and goes on when it answers again", async () => {
    const workstation = startWorkstation(server.workstation(server.postgres.port));
    const leaving = startWorkstation(server.workstation(server.postgres.port));
    await Promise.all([workstation.until("ready"), leaving.until("ready")]);
    const nurse = await workstation.signIn("demo_nurse");
    const backends = await server.asSuperuser(async (query) => {
      const { rows } = await query("SELECT pid FROM pg_stat_activity WHERE usename = 'lamplight_app'");
      return rows.map((row) => Number(row["pid"]));
    });
    const all = (signal: NodeJS.Signals) => {
      server.postgres.signal(signal);
      for (const pid of backends) process.kill(pid, signal);
    };
    all("SIGSTOP");
    try {
      const asked = Promise.all(
        [0, 1, 2].map(() => leaving.hospital.database.statement("SELECT 1").catch((error: unknown) => error)),
      );
      await pause(200);
      const began = performance.now();
      await leaving.stop();
      // Who waited for the answers would wait until the limit of a statement, 15 seconds.
      expect(performance.now() - began).toBeLessThan(12_000);
      for (const answer of await asked) expect(answer).toBeInstanceOf(Refusal);
    } finally {
      all("SIGCONT");
    }
    await expect.poll(async () => (await nurse.call("get_vital_signs", { patient_id: "FCE57" })).ok).toBe(true);
    await workstation.stop();
  });
});
