import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { connectOwner, type OwnerQuery, openDatabase } from "../../../electron/database/pool";
import { sqlStateOf } from "../../../electron/database/trouble";
import { noteVariable } from "../../../scripts/lib/test-servers.mjs";
import type { TestHospital } from "../hospital";
import type { SharedServer } from "./shared-server";

/** Whether this run is the one on a hospital's own server: the project `central` says so by a variable. */
export const onCentralServer = process.env[noteVariable] !== undefined;

const OBJECT_IN_USE = "55006";

/** PostgreSQL itself waits five seconds for others to leave a database, which a busy machine does not always keep. */
async function whenNobodyUsesIt(query: OwnerQuery, text: string): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      await query(text);
      return;
    } catch (error) {
      if (sqlStateOf(error) !== OBJECT_IN_USE || tries === 10) throw error;
    }
}

/** A copy of the demo hospital on the shared server; the workstation's login comes through PgBouncer, in transaction mode. */
export async function startCentralTestHospital(): Promise<TestHospital> {
  const shared = JSON.parse(readFileSync(process.env[noteVariable] ?? "", "utf8")) as SharedServer;
  const database = `hospital_${randomBytes(6).toString("hex")}`;
  const server = await connectOwner(shared.superuser);
  await whenNobodyUsesIt(server.query, `CREATE DATABASE ${database} TEMPLATE ${shared.template} OWNER hospital_it`);
  // Rights on the database itself are not copied with its content.
  await server.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await server.query(`GRANT CONNECT ON DATABASE ${database} TO lamplight_app`);
  const superuser = { ...shared.superuser, database };
  const owner = await connectOwner(superuser);
  const workstation = { ...shared.workstation, database };
  const door = openDatabase(workstation);
  return {
    cluster: {
      owner: superuser as TestHospital["cluster"]["owner"],
      get home(): string {
        throw new Error("a central server has no home folder");
      },
      get server(): never {
        throw new Error("a central server is not started by the app");
      },
      dispose: async () => undefined,
    },
    workstation,
    owner: owner.query,
    database: door,
    close: async () => {
      await door.close();
      await owner.end();
      await whenNobodyUsesIt(server.query, `DROP DATABASE ${database} WITH (FORCE)`);
      await server.end();
    },
  };
}
