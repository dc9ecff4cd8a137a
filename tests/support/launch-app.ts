import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { _electron, type ElectronApplication } from "@playwright/test";

/**
 * Starts the built app for a journey, with a home folder of its own. When the tests run as root the app runs as the
 * account `lamplight`, sandbox on, as `npm start` does it; where that is not possible it runs as root without one.
 */
const project = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export interface LaunchOptions {
  /** Added to the environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A home folder that was used before; a fresh one otherwise. */
  readonly home?: string;
  readonly args?: readonly string[];
  /** Answers the program to start in the place of the app's own, and starts that in turn. */
  readonly through?: (program: string) => string;
}

export interface LaunchedApp {
  readonly app: ElectronApplication;
  readonly home: string;
  /** Whether Chromium's sandbox is on. */
  readonly sandboxed: boolean;
  /** Closes the app; deletes the home folder if it was made here and `keep` is not asked for. */
  close(options?: { keep?: boolean }): Promise<void>;
}

/** Milliseconds until a start that hangs is given up; a starved machine takes long over one that does not. */
const PATIENCE = 120_000;

interface Account {
  readonly uid: number;
  readonly gid: number;
}

function ordinaryAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => spawnSync("id", [flag, "lamplight"], { encoding: "utf8" });
  const [uid, gid] = [id("-u"), id("-g")];
  if (uid.status !== 0 || gid.status !== 0) return null;
  const account = { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  const canRead = spawnSync("test", ["-r", join(project, "out", "main", "main.cjs")], { ...account, cwd: "/" });
  return canRead.status === 0 && mayUnshare(account) ? account : null;
}

/** Chromium's sandbox needs user namespaces, which some systems deny to ordinary accounts. */
function mayUnshare(account?: Account): boolean {
  return (
    process.platform !== "linux" || spawnSync("unshare", ["--user", "true"], { ...account, cwd: "/" }).status === 0
  );
}

function runtimeBinary(): string {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(project, "node_modules", "electron", "dist");
  const binary = join(folder, readFileSync(join(project, "node_modules", "electron", "path.txt"), "utf8").trim());
  if (!existsSync(binary)) throw new Error("There is no Electron runtime yet: run npm start or npm test once.");
  return binary;
}

interface Command {
  readonly program: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly home: string;
  readonly sandboxed: boolean;
}

/** Whatever the machine that runs the tests sets for itself must not change what they test. */
const notOurs = /^(?:OPENAI_|LAMPLIGHT_|PG|DATABASE_URL$|ELECTRON_RUN_AS_NODE$)/u;

function commandFor(options: LaunchOptions): Command {
  const account = ordinaryAccount();
  const home = options.home ?? mkdtempSync(join(tmpdir(), "lamplight-journey-"));
  mkdirSync(home, { recursive: true });
  const inherited = Object.entries(process.env).filter(([name]) => !notOurs.test(name));
  const given = Object.entries({ LAMPLIGHT_HOME: home, ...options.env });
  const env: Record<string, string> = {};
  for (const [name, value] of [...inherited, ...given]) if (value !== undefined) env[name] = value;
  const args = [project, ...(options.args ?? [])];
  if (!account)
    return { program: runtimeBinary(), args, env, home, sandboxed: process.getuid?.() !== 0 && mayUnshare() };
  chownSync(home, account.uid, account.gid);
  return {
    program: join(project, "scripts", "lib", "electron-as-account.sh"),
    args,
    env: { ...env, HOME: "/var/lib/lamplight", LAMPLIGHT_ACCOUNT: "lamplight", LAMPLIGHT_ELECTRON: runtimeBinary() },
    home,
    sandboxed: true,
  };
}

export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const { program, args, env, home, sandboxed } = commandFor(options);
  const executablePath = options.through?.(program) ?? program;
  const app = await _electron.launch({
    args,
    env,
    cwd: project,
    executablePath,
    chromiumSandbox: sandboxed,
    timeout: PATIENCE,
  });
  return {
    app,
    home,
    sandboxed,
    async close({ keep = false } = {}) {
      await app.close();
      if (options.home === undefined && !keep)
        rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** Starts the app without a driver, for starts that end by themselves, and answers what it said. */
export async function runToItsEnd(
  options: LaunchOptions & { readonly home: string },
): Promise<{ status: number | null; said: string }> {
  const { program, args, env, sandboxed } = commandFor(options);
  const app = spawn(program, [...(sandboxed ? [] : ["--no-sandbox"]), "--log-level=3", ...args], { cwd: project, env });
  let said = "";
  for (const stream of [app.stdout, app.stderr]) stream.on("data", (part: Buffer) => (said += part));
  const late = setTimeout(() => app.kill("SIGKILL"), PATIENCE);
  const status = await new Promise<number | null>((resolve) => app.on("exit", resolve));
  clearTimeout(late);
  return { status, said };
}
