import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { serverAccount } from "../../electron/database/embedded/account";
import { type EmbeddedServer, ownerConnection, startEmbeddedServer } from "../../electron/database/embedded-server";

const homes: string[] = [];
const servers: EmbeddedServer[] = [];
const children: ChildProcess[] = [];

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "lamplight-test-"));
  homes.push(home);
  return home;
}

async function start(options: Parameters<typeof startEmbeddedServer>[0]): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer(options);
  servers.push(server);
  return server;
}

async function query<Row extends pg.QueryResultRow>(server: EmbeddedServer, sql: string): Promise<Row[]> {
  const client = new pg.Client(ownerConnection(server));
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function serverPid(home: string): number {
  return Number(readFileSync(join(home, "postgres", "cluster", "postmaster.pid"), "utf8").split("\n", 1)[0]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function eventually(what: () => boolean): Promise<void> {
  const began = performance.now();
  while (!what()) {
    if (performance.now() - began > 20_000) throw new Error("not within 20 seconds");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The app's stand-in: another process that starts the server and can be killed. */
async function startInAnotherProcess(home: string): Promise<{ child: ChildProcess; owned: boolean }> {
  const program = join(import.meta.dirname, "..", "support", "start-and-wait.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, home], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  return { child, owned: (JSON.parse(line) as { owned: boolean }).owned };
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const server of servers.splice(0)) await server.stop();
  for (const home of homes.splice(0)) {
    // A server whose owner was just killed may still be writing its last lines.
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});

test("a first start makes the database, a second one finds it with what was written", async () => {
  const home = newHome();
  const phases: string[] = [];
  const first = await start({ home, onProgress: (phase) => phases.push(phase) });
  expect(phases).toEqual(["initialising", "starting", "ready"]);
  await query(first, "CREATE TABLE note AS SELECT 'kept' AS text");
  await first.stop();
  expect(await first.exited).toEqual({ code: 0 });

  const second = await start({ home });
  expect(await query(second, "SELECT text FROM note")).toEqual([{ text: "kept" }]);
});

test("it listens on no network, asks for a scrambled password, and its log holds no values", async () => {
  const server = await start({ home: newHome() });
  const wanted = {
    listen_addresses: "",
    data_checksums: "on",
    server_encoding: "UTF8",
    log_error_verbosity: "terse",
    log_parameter_max_length_on_error: "0",
    log_min_error_statement: "panic",
    max_prepared_transactions: "0",
    synchronous_commit: "on",
    password_encryption: "scram-sha-256",
  };
  for (const [name, value] of Object.entries(wanted)) {
    expect(Object.values((await query(server, `SHOW ${name}`))[0] ?? {}), name).toEqual([value]);
  }
  const rules = await query<{ auth_method: string }>(server, "SELECT DISTINCT auth_method FROM pg_hba_file_rules");
  expect(rules).toEqual([{ auth_method: "scram-sha-256" }]);
  const locale = await query(server, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'lamplight'");
  expect(locale).toEqual([{ datlocprovider: "b", datlocale: "C.UTF-8" }]);
});

test("a statement that fails leaves no patient's data in the server's log", async () => {
  const home = newHome();
  const server = await start({ home });
  await query(server, "CREATE TABLE person (name text UNIQUE); INSERT INTO person VALUES ('ARNOLD, Leah')");
  await expect(query(server, "INSERT INTO person VALUES ('ARNOLD, Leah')")).rejects.toThrow("duplicate key");
  const log = readFileSync(join(home, "logs", "postgres.log"), "utf8");
  expect(log).toContain("duplicate key");
  expect(log).not.toContain("ARNOLD");
});

test("the files are private to their owners", async () => {
  const home = newHome();
  const server = await start({ home });
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect(mode(join(home, "embedded-server.password"))).toBe("600");
  expect(mode(join(home, "embedded-server.json"))).toBe("600");
  expect(mode(join(home, "logs", "postgres.log"))).toBe("600");
  expect(mode(join(home, "postgres"))).toBe("700");
  expect(mode(server.socketFolder)).toBe("700");
  expect(readFileSync(join(home, "embedded-server.json"), "utf8")).not.toContain(server.superuser.password);
  expect(statSync(join(home, "postgres")).uid, "PostgreSQL does not run as root").not.toBe(0);
});

test("a wrong password is refused", async () => {
  const server = await start({ home: newHome() });
  const client = new pg.Client({ ...ownerConnection(server), password: "guess" });
  await expect(client.connect()).rejects.toMatchObject({ code: "28P01" });
});

test("a second process uses the running server and does not end it", async () => {
  const home = newHome();
  const first = await start({ home });
  const second = await start({ home });
  expect([first.owned, second.owned]).toEqual([true, false]);
  await second.stop();
  expect(await query(first, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("two processes that start at the same moment share one server", async () => {
  const home = newHome();
  const both = await Promise.all([startInAnotherProcess(home), startInAnotherProcess(home)]);
  expect(both.filter((one) => one.owned)).toHaveLength(1);
});

test("when the app is killed the server ends by itself, and the next start is clean", async () => {
  const home = newHome();
  const { child } = await startInAnotherProcess(home);
  const pid = serverPid(home);
  expect(isRunning(pid)).toBe(true);
  child.kill("SIGKILL");
  await eventually(() => !isRunning(pid));
  const next = await start({ home });
  expect(next.owned).toBe(true);
});

test("a killed server is noticed, and what was committed is there after the next start", async () => {
  const home = newHome();
  const first = await start({ home });
  await query(first, "CREATE TABLE note AS SELECT generate_series(1, 1000) AS line");
  process.kill(serverPid(home), "SIGKILL");
  await first.exited;
  const second = await start({ home });
  expect(await query(second, "SELECT count(*)::int AS lines FROM note")).toEqual([{ lines: 1000 }]);
});

test("a lock file that names some other living process does not keep the database closed", async () => {
  const home = newHome();
  const first = await start({ home });
  const lockFile = join(home, "postgres", "cluster", "postmaster.pid");
  const lock = readFileSync(lockFile, "utf8");
  await first.stop();
  writeFileSync(lockFile, lock.replace(/^\d+/, String(process.pid)), { mode: 0o644 });
  const second = await start({ home });
  expect(second.owned).toBe(true);
});

test("a half-made database is thrown away, never opened", async () => {
  const home = newHome();
  mkdirSync(join(home, "postgres", "cluster.new-999999999-abc", "data"), { recursive: true });
  writeFileSync(join(home, "postgres", "cluster.new-999999999-abc", "data", "PG_VERSION"), "18\n");
  const server = await start({ home });
  expect(await query(server, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(readdirSync(join(home, "postgres")).sort()).toEqual(["cluster", "run"]);
});

test("a database that is not complete, or of another version, is left alone with a clear line", async () => {
  const home = newHome();
  const cluster = join(home, "postgres", "cluster");
  mkdirSync(cluster, { recursive: true });
  writeFileSync(join(home, "embedded-server.password"), "some-password\n", { mode: 0o600 });
  await expect(startEmbeddedServer({ home })).rejects.toThrow("is not a complete database");
  writeFileSync(join(cluster, "PG_VERSION"), "15\n");
  await expect(startEmbeddedServer({ home })).rejects.toThrow("was made by PostgreSQL 15");
});

test("a home folder with a long path gets its socket elsewhere, found again by the next process", async () => {
  const home = join(newHome(), "a-rather-long-folder-name".repeat(4));
  const server = await start({ home });
  expect(join(server.socketFolder, ".s.PGSQL.5432").length).toBeLessThan(107);
  expect(existsSync(join(home, "postgres", "run"))).toBe(false);
  const again = await start({ home });
  expect(again.socketFolder).toBe(server.socketFolder);
  expect(again.owned).toBe(false);
  await server.stop();
  rmSync(server.socketFolder, { recursive: true, force: true });
});

test.runIf(process.getuid?.() === 0)(
  "below a folder closed to other accounts the database is kept elsewhere",
  async () => {
    const closed = newHome();
    const home = join(closed, "inner");
    mkdirSync(home, { mode: 0o700 });
    const server = await start({ home });
    const [where] = await query<{ data_directory: string }>(server, "SHOW data_directory");
    expect(where?.data_directory).toMatch(/^\/var\/lib\/lamplight\/embedded\/[0-9a-f]{16}\/cluster$/);
    expect(statSync(closed).mode & 0o777).toBe(0o700);
    await server.stop();
    rmSync(join(where?.data_directory ?? "", ".."), { recursive: true, force: true });
    chmodSync(closed, 0o700);
  },
);

test.runIf(process.getuid?.() === 0)(
  "root leaves a home folder of somebody else as it is, and what it writes beside the server's own account readable for it",
  async () => {
    const somebody = newHome();
    chownSync(somebody, 54_321, 54_321);
    await expect(startEmbeddedServer({ home: somebody })).rejects.toThrow(
      "belongs to the account with the number 54321",
    );
    await expect(startEmbeddedServer({ home: join(somebody, "not", "yet") })).rejects.toThrow("Nothing was changed");
    expect(readdirSync(somebody)).toEqual([]);
    expect(statSync(somebody).mode & 0o777).toBe(0o700);

    const { uid, gid } = serverAccount() ?? { uid: 0, gid: 0 };
    const home = newHome();
    chownSync(home, uid, gid);
    await start({ home });
    for (const file of ["embedded-server.json", "embedded-server.password", "logs", "logs/postgres.log"])
      expect(statSync(join(home, file)).uid).toBe(uid);
  },
);
