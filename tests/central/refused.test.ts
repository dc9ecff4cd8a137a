import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionSettings } from "../../electron/database/pool";
import { Refusal } from "../../shared/failure";
import { serverFolder } from "../support/central/account";
import { createAuthority } from "../support/central/certificates";
import { type HospitalServer, startHospitalServer } from "../support/central/hospital-server";
import { type PgBouncer, startPgBouncer } from "../support/central/pgbouncer";
import { startStandby } from "../support/central/standby";
import { describeCentral } from "../support/central/unless";
import { startWorkstation } from "../support/central/workstation";

describeCentral("a database that must not or cannot be joined", () => {
  let server: HospitalServer;
  let bouncer: PgBouncer;
  let folder: string;
  beforeAll(async () => {
    server = await startHospitalServer();
    bouncer = await server.bouncer();
    folder = serverFolder("others");
  });
  afterAll(async () => {
    await bouncer?.stop();
    await server?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the start page shows, and what a call is told meanwhile. */
  async function shownFor(settings: ConnectionSettings) {
    const workstation = startWorkstation(settings);
    await workstation.until("unavailable");
    const told: unknown = await workstation.hospital.database
      .statement("SELECT 1", [])
      .catch((error: unknown) => error);
    await workstation.stop();
    const everything = [...workstation.said, ...workstation.logged].join("\n");
    // Neither a secret nor the driver's own words.
    for (const secret of [settings.password, "password authentication", "FATAL", "self-signed", "ECONN", "SASL"])
      expect(everything).not.toContain(secret);
    expect(told).toBeInstanceOf(Refusal);
    expect((told as Refusal).failure.message).toBe(workstation.hospital.status.message);
    return { code: (told as Refusal).failure.code, message: workstation.hospital.status.message ?? "" };
  }
  const ways = () => [server.workstation(bouncer.port), server.workstation(server.postgres.port)];

  test("a wrong password is told as a login that is refused, by PostgreSQL and by PgBouncer", async () => {
    for (const way of ways())
      expect(await shownFor({ ...way, password: "surely-wrong-1" })).toEqual({
        code: "DATABASE_REFUSED",
        message: "The database refused this workstation's login. Tell IT; nothing you saved is lost.",
      });
  });

  test("an unknown login is told like a wrong password", async () => {
    for (const way of ways()) expect((await shownFor({ ...way, user: "nobody_here" })).code).toBe("DATABASE_REFUSED");
  });

  test("a database that is not there is told by both", async () => {
    for (const way of ways())
      expect((await shownFor({ ...way, database: "elsewhere" })).message).toMatch(
        /no database of the name|does not answer/u,
      );
    expect((await shownFor({ ...server.workstation(server.postgres.port), database: "elsewhere" })).message).toContain(
      "no database of the name that this workstation was given",
    );
  });

  const certificates: readonly (readonly [
    string,
    () => Partial<ConnectionSettings> | Promise<Partial<ConnectionSettings> | PgBouncer>,
  ])[] = [
    [
      "of an authority that is not the hospital's",
      async () => ({ ssl: { rejectUnauthorized: true as const, ca: (await createAuthority(folder, "other")).pem } }),
    ],
    ["vouched for by no authority of the system", () => ({ ssl: { rejectUnauthorized: true } })],
    ["of another host", () => another("elsewhere", ["db.elsewhere.example", "127.0.0.2"])],
    ["that expired", () => another("expired", ["localhost", "127.0.0.1"], -2)],
  ];
  async function another(name: string, names: readonly string[], days?: number): Promise<PgBouncer> {
    return startPgBouncer({
      server: server.postgres,
      secrets: { lamplight_app: await server.secret("lamplight_app") },
      tls: { ...(await server.authority.certify(name, names, days)), authority: server.authority.file },
    });
  }
  test.each(certificates)("a certificate %s is not trusted, by name or by address", async (_, change) => {
    const changed = await change();
    const strange = "port" in changed && "stop" in changed ? changed : undefined;
    const settings: ConnectionSettings = strange
      ? server.workstation(strange.port)
      : { ...server.workstation(bouncer.port), ...(changed as Partial<ConnectionSettings>) };
    for (const host of ["localhost", "127.0.0.1"])
      expect((await shownFor({ ...settings, host })).message).toContain(
        "certificate is not one that this workstation trusts",
      );
    await strange?.stop();
  });

  test("the hospital's own certificate holds by name and by address", async () => {
    for (const host of ["localhost", "127.0.0.1"]) {
      const workstation = startWorkstation({ ...server.workstation(bouncer.port), host });
      await workstation.until("ready");
      await workstation.stop();
    }
  });

  test("a server that offers no encryption gets no password", async () => {
    const plain = await server.bouncer({ client_tls_sslmode: "disable" });
    expect((await shownFor(server.workstation(plain.port))).message).toContain("offers no encrypted connection");
    await plain.stop();
  });

  test("a server that takes no more connections, and one that is starting, are told apart, and joined when it is over", async () => {
    const direct = server.workstation(server.postgres.port);
    await server.asSuperuser((query) => query("ALTER ROLE lamplight_app CONNECTION LIMIT 0"));
    const crowded = startWorkstation(direct);
    await crowded.until("unavailable");
    expect(crowded.hospital.status.message).toContain("too many connections at the moment");
    await server.asSuperuser((query) => query("ALTER ROLE lamplight_app CONNECTION LIMIT -1"));
    await crowded.until("ready");
    await crowded.stop();
  });

  test("a standby that lets nobody read is told as one that is starting", async () => {
    const cold = await startStandby(server, { hot_standby: "off" }).catch((error: unknown) => error as Error);
    if (cold instanceof Error) throw cold;
    expect((await shownFor(server.workstation(cold.postgres.port))).message).toContain("starting or being stopped");
    await cold.postgres.dispose();
  });

  test("IT's own login and a superuser are refused: no row policy would hold for them", async () => {
    const it = { user: "hospital_it", password: "the password of IT, made for tests" };
    const shown = await shownFor({ ...server.workstation(server.postgres.port), ...it });
    expect(shown.message).toContain("owner or superuser");
  });

  test("of several servers the most telling trouble is shown", async () => {
    const away = { host: "127.0.0.1", port: 1 };
    const wrong = { ...server.workstation(bouncer.port), ...away, password: "surely-wrong-2" };
    const shown = await shownFor({ ...wrong, alternatives: [away, { host: "localhost", port: bouncer.port }] });
    expect(shown.code).toBe("DATABASE_REFUSED");
  });
});
