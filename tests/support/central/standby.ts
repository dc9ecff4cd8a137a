import type { HospitalServer } from "./hospital-server";
import { asServers, type Postgres, startPostgres } from "./postgres";

export interface Standby {
  readonly postgres: Postgres;
  /** As IT does it by hand: `pg_ctl promote`. */
  promote(): void;
}

/** A streaming standby made by pg_basebackup. Its name is `standby`, for a primary that waits for its acknowledgement. */
export async function startStandby(
  server: HospitalServer,
  settings: Readonly<Record<string, string>> = {},
): Promise<Standby> {
  const { host, port, user } = server.postgres.superuser;
  await server.asSuperuser(async (query) => {
    await query(
      "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicator') THEN CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'for tests'; END IF; END $$",
    );
  });
  const postgres = await startPostgres({
    tls: server.certificate,
    settings: {
      ...settings,
      primary_conninfo: `host=localhost port=${port} user=replicator password='for tests' sslmode=verify-full sslrootcert=${server.authority.file} application_name=standby`,
    },
    make: (data) => {
      asServers("pg_basebackup", [
        "-h",
        host,
        "-p",
        String(port),
        "-U",
        user,
        "-D",
        data,
        "-R",
        "-X",
        "stream",
        "--checkpoint=fast",
      ]);
    },
  });
  return { postgres, promote: () => void asServers("pg_ctl", ["-D", postgres.data, "promote", "-w"]) };
}
