import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { ConnectionSettings } from "../../../electron/database/pool";
import { noteVariable, whyNotHere } from "../../../scripts/lib/test-servers.mjs";
import { serverFolder } from "./account";
import { startHospitalServer } from "./hospital-server";

/** What the test files need to find the server that all of them share. */
export interface SharedServer {
  readonly superuser: ConnectionSettings;
  readonly workstation: ConnectionSettings;
  readonly template: string;
  /** A data folder that is stopped. */
  readonly prepared: string;
}

/** One Debian PostgreSQL with one PgBouncer for all files of the project `central`, started once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const note = project.config.env[noteVariable];
  if (note === undefined || whyNotHere() !== null) return async () => undefined;
  const server = await startHospitalServer();
  // Stopped cleanly for a moment: the copy that other test files start from.
  await server.postgres.end("SIGINT");
  const folder = serverFolder("prepared");
  const prepared = join(folder, "data");
  execFileSync("cp", ["-a", server.postgres.data, prepared]);
  await server.postgres.start();
  const bouncer = await server.bouncer({ default_pool_size: "8", reserve_pool_size: "0" });
  const shared: SharedServer = {
    superuser: server.postgres.superuser,
    workstation: server.workstation(bouncer.port),
    template: server.database,
    prepared,
  };
  writeFileSync(note, JSON.stringify(shared), { mode: 0o600 });
  return async () => {
    rmSync(note, { force: true });
    rmSync(folder, { recursive: true, force: true });
    await bouncer.stop();
    await server.dispose();
  };
}
