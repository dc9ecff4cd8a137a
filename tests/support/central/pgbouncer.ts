import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pgbouncerProgram as program } from "../../../scripts/lib/test-servers.mjs";
import { accountOfServers, handOver, serverFolder } from "./account";
import { freePort } from "./free-port";

const shipped = join(import.meta.dirname, "../../../deploy/central/pgbouncer.ini");

export interface PgBouncerOptions {
  readonly server: { readonly port: number };
  /** As PostgreSQL stores it, by name of the login. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly tls: { readonly certificate: string; readonly key: string; readonly authority: string };
  /** Replace what the shipped file says, e.g. a smaller pool. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface PgBouncer {
  readonly port: number;
  readonly logFile: string;
  /** Leads to another server from now on, as IT would: the file is changed and read again. */
  pointAt(server: { port: number }): Promise<void>;
  stop(): Promise<void>;
}

const shippedHost = "host=db1.hospital.example port=5432";

/** Settings that this release does not know, by the release that brought them. */
const since: Readonly<Record<string, readonly [number, number]>> = { max_prepared_statements: [1, 21] };

function release(): readonly [number, number] {
  const [, first, second] =
    /PgBouncer (\d+)\.(\d+)/u.exec(execFileSync(program, ["--version"], { encoding: "utf8" })) ?? [];
  return [Number(first), Number(second)];
}

/** The shipped file with this test's hosts, ports and paths. A setting that it does not have is a mistake of the test. */
function fileFor(replaced: Readonly<Record<string, string>>, server: { port: number }): string {
  let text = readFileSync(shipped, "utf8")
    .replaceAll(shippedHost, `host=localhost port=${server.port}`)
    // A database of its own for each test file.
    .replace(/^lamplight = (\S+ \S+).*$/mu, "* = $1");
  const [first, second] = release();
  for (const [name, value] of Object.entries(replaced)) {
    const line = new RegExp(`^${name} =.*$`, "mu");
    if (!line.test(text)) throw new Error(`deploy/central/pgbouncer.ini has no ${name}`);
    text = text.replace(line, `${name} = ${value}`);
  }
  for (const [name, [needsFirst, needsSecond]] of Object.entries(since))
    if (first < needsFirst || (first === needsFirst && second < needsSecond))
      text = text.replace(new RegExp(`^${name} =.*$`, "mu"), "");
  return text;
}

/** PgBouncer of the system's packages with the configuration that hospitals get, TLS on both sides. */
export async function startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  const folder = serverFolder("bouncer");
  const at = (name: string) => join(folder, name);
  const port = Number(options.settings?.listen_port ?? (await freePort()));
  const replaced = {
    listen_addr: "127.0.0.1",
    listen_port: String(port),
    auth_file: at("userlist.txt"),
    client_tls_cert_file: at("server.crt"),
    client_tls_key_file: at("server.key"),
    server_tls_ca_file: at("ca.crt"),
    ...options.settings,
  };
  const secrets = Object.entries(options.secrets).map(([login, secret]) => `"${login}" "${secret}"\n`);
  writeFileSync(at("userlist.txt"), secrets.join(""), { mode: 0o600 });
  writeFileSync(at("server.crt"), readFileSync(options.tls.certificate));
  writeFileSync(at("server.key"), readFileSync(options.tls.key), { mode: 0o600 });
  writeFileSync(at("ca.crt"), readFileSync(options.tls.authority));
  writeFileSync(at("pgbouncer.ini"), fileFor(replaced, options.server));
  writeFileSync(at("log"), "");
  handOver(...["userlist.txt", "server.crt", "server.key", "ca.crt", "pgbouncer.ini", "log"].map(at));
  const log = openSync(at("log"), "a");
  const child: ChildProcess = spawn(program, [at("pgbouncer.ini")], {
    ...accountOfServers(),
    cwd: "/",
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const exited = new Promise((resolve) => child.once("exit", resolve));
  for (let tries = 0; !(await listens(port)); tries += 1) {
    if (tries > 300) throw new Error(`PgBouncer did not start: ${readFileSync(at("log"), "utf8")}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port,
    logFile: at("log"),
    pointAt: async (server) => {
      const reloads = () => readFileSync(at("log"), "utf8").split("got SIGHUP").length;
      const before = reloads();
      writeFileSync(at("pgbouncer.ini"), fileFor(replaced, server));
      child.kill("SIGHUP");
      for (let tries = 0; reloads() === before; tries += 1) {
        if (tries > 300) throw new Error(`PgBouncer did not reload: ${readFileSync(at("log"), "utf8")}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
