import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedServer, ownerConnection, startEmbeddedServer } from "../../electron/database/embedded-server";

/**
 * Real databases for tests, in a fraction of a second: a template is made and prepared once, stopped cleanly, and
 * copied for each test file.
 */
export type Connection = ReturnType<typeof ownerConnection>;

const project = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const templates = join(project, "node_modules", ".cache", "lamplight-clusters");

/** A cluster under test, and its end: stopped and deleted. */
export interface TestCluster {
  readonly home: string;
  readonly server: EmbeddedServer;
  readonly owner: Connection;
  dispose(): Promise<void>;
}

export interface Template {
  /** Names what `prepare` does beyond the files it reads: change it when the preparation changes. */
  readonly version: string;
  /** Files and folders that the preparation reads: a change makes a new template. */
  readonly from?: readonly string[];
  readonly prepare: (owner: Connection) => Promise<void>;
}

function addTo(path: string, hash: ReturnType<typeof createHash>): void {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) addTo(join(path, name), hash);
  else
    hash
      .update(`${path.slice(project.length)}\n`)
      .update(readFileSync(path))
      .update("\n");
}

function keyOf(template: Template): string {
  const hash = createHash("sha256").update(`${template.version}\n`);
  for (const path of template.from ?? ["resources/database/migrations"]) addTo(join(project, path), hash);
  return hash.digest("hex").slice(0, 16);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Milliseconds after which a template that no test used is thrown away: the demo hospital's is another one each hour. */
const UNUSED = 12 * 3_600_000;

function used(path: string): string {
  utimesSync(path, new Date(), new Date());
  return path;
}

function dropUnused(): void {
  for (const name of readdirSync(templates)) {
    const path = join(templates, name);
    const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (at !== undefined && Date.now() - at > UNUSED) rmSync(path, { recursive: true, force: true });
  }
}

/** The home folder of a prepared, cleanly stopped cluster. Several test processes may ask at once: one makes it. */
export async function templateHome(template: Template): Promise<string> {
  const key = keyOf(template);
  const done = join(templates, key);
  const lock = `${done}.lock`;
  mkdirSync(templates, { recursive: true });
  for (; ; await pause(100)) {
    if (existsSync(done)) return used(done);
    try {
      mkdirSync(lock);
      break;
    } catch {
      // Somebody is making it; whoever died over it is not waited for.
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > 90_000) rmSync(lock, { recursive: true, force: true });
    }
  }
  // A slow machine is no dead one: whoever waits sees that somebody is still at it.
  const working = setInterval(() => existsSync(lock) && used(lock), 10_000);
  try {
    if (existsSync(done)) return used(done);
    dropUnused();
    // Where the server's account can go, whatever folder the project is in.
    const making = mkdtempSync(join(tmpdir(), "lamplight-template-"));
    const server = await startEmbeddedServer({ home: making });
    try {
      await template.prepare(ownerConnection(server));
    } finally {
      await server.stop();
    }
    rmSync(join(making, "embedded-server.json"), { force: true });
    rmSync(`${done}.new`, { recursive: true, force: true });
    cloneCluster(making, `${done}.new`);
    rmSync(making, { recursive: true, force: true });
    renameSync(`${done}.new`, done);
    return done;
  } finally {
    clearInterval(working);
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Copies a stopped cluster into a home folder, with owners and modes. */
export function cloneCluster(from: string, home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (process.platform === "win32") cpSync(from, home, { recursive: true });
  else execFileSync("cp", ["-a", "--reflink=auto", `${from}/.`, home]);
}

/** A running database of its own for one test file, made from the template. */
export async function startTestCluster(template: Template): Promise<TestCluster> {
  const home = mkdtempSync(join(tmpdir(), "lamplight-db-"));
  cloneCluster(await templateHome(template), home);
  const server = await startEmbeddedServer({ home });
  return {
    home,
    server,
    owner: ownerConnection(server),
    async dispose() {
      await server.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
