import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { isAlive } from "../../electron/database/embedded/processes";
import type { Account } from "./account";
import { until } from "./until";

/** The app as it runs for one account, started the way a desktop starts it. */
export interface RunningApp {
  /** The folder that holds its data. */
  readonly home: string;
  readonly account: Account | null;
  /** Whether the program that was started is still there. */
  runs(): boolean;
  /** By which signal or with which code it ended; empty while it runs. */
  howItEnded(): string;
  /** Everything of the app that runs: its own programs, its pages, its database. */
  processes(): Process[];
  /** Waits until nothing of it runs, after `ask` has asked it to end: as a person does, by closing its window. */
  end(ask: () => void, within?: number): Promise<void>;
  /** Ends what still runs, at once. For the end of a trial that failed. */
  kill(): void;
}

export interface Process {
  readonly pid: number;
  readonly command: string;
}

export interface StartOptions {
  /** Words before the program that start it in their place, as root, and become the account themselves. */
  readonly through?: readonly string[];
  readonly program: string;
  readonly args?: readonly string[];
  readonly home: string;
  readonly display: string;
  readonly account: Account | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** What it says on its terminal goes there. */
  readonly output: string;
  /** Every process that is the app's. */
  readonly processes: () => Process[];
}

/** Everything that an account runs, but for its screen. */
export function processesOfAccount(account: Account): Process[] {
  return everyProcess().filter(({ uid, command }) => uid === account.uid && !/^(?:Xvfb|openbox)\b/u.test(command));
}

function everyProcess(): (Process & { uid: number })[] {
  const found: (Process & { uid: number })[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/u.test(name)) continue;
    try {
      const uid = Number(/^Uid:\s+(\d+)/mu.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1]);
      const command = commandOf(Number(name));
      if (command !== "" && isAlive(Number(name))) found.push({ pid: Number(name), uid, command });
    } catch {
      // Gone meanwhile.
    }
  }
  return found;
}

export function startApp(options: StartOptions): RunningApp {
  const { account } = options;
  const output = openSync(options.output, "a");
  const person = account ? { HOME: account.home, USER: account.name, LOGNAME: account.name } : {};
  const inherited = account ? { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8" } : process.env;
  const [program, ...args] = [...(options.through ?? []), options.program, ...(options.args ?? [])];
  const started = spawn(program as string, args, {
    cwd: options.folder ?? account?.home ?? "/",
    env: { ...inherited, ...person, ...options.env, DISPLAY: options.display } as NodeJS.ProcessEnv,
    stdio: ["ignore", output, output],
    ...(account && !options.through && process.getuid?.() === 0 ? { uid: account.uid, gid: account.gid } : {}),
  });
  closeSync(output);
  let gone = false;
  let ended = "";
  started.once("exit", (code, signal) => {
    gone = true;
    ended = signal ? `by signal ${signal}` : `with code ${code}`;
  });
  started.once("error", () => (gone = true));
  const { home, processes } = options;
  return {
    home,
    account,
    runs: () => !gone,
    howItEnded: () => ended,
    processes,
    kill() {
      for (const { pid } of processes()) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // Gone already.
        }
      }
    },
    async end(ask, within = 20_000) {
      ask();
      await until(
        "nothing of the app runs any more",
        () => gone && processes().length === 0,
        within,
        () =>
          processes()
            .map(({ pid, command }) => `${pid} ${command.slice(0, 120)}`)
            .join("\n"),
      );
    },
  };
}

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/** What the kernel says of a process, e.g. `Seccomp`. */
export function statusOf(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => [line.replace(/:.*/su, ""), line.replace(/^[^:]*:\s*/u, "")]));
}
