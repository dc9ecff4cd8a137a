import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Account } from "./account";
import { darkOnLight, enlarge, readGreymap, writeGreymap } from "./screen-pixels";
import { readWords, type Word } from "./screen-words";
import { until } from "./until";

/**
 * A screen of its own with a keyboard and a mouse, used from outside as a person uses it: the app under trial is not
 * asked anything and opens nothing for us. Under root everything runs as the account that owns the screen, which is
 * the only one that the screen lets in.
 */
export interface Screen {
  readonly display: string;
  /** Types text into whatever has the keyboard. */
  type(text: string): void;
  /** Presses one key, in xdotool's words: `Return`, `ctrl+l`. */
  press(key: string): void;
  /** Clicks the middle of words that are to be read on the screen; waits until they are. */
  click(words: string): Promise<void>;
  /** The text that is to be read on the screen, line by line. */
  text(): string;
  /** Waits until a text can be read on the screen, and answers all that can be read. */
  waitFor(words: RegExp, within?: number): Promise<string>;
  /** Turns the wheel in the middle of the screen until a text can be read there, and answers all that can be read. */
  scrollTo(words: RegExp): Promise<string>;
  /** Writes what the screen shows into a PNG file. */
  picture(file: string): void;
  close(): void;
}

/** Small letters are read better in a larger picture; which size reads best differs, so that we take turns. */
const scales = [2, 3] as const;
const size = "1366x768x24";

async function startServer(account: Account | null): Promise<{ display: string; stop: () => void }> {
  if (process.getuid?.() === 0) {
    mkdirSync("/tmp/.X11-unix", { recursive: true });
    chmodSync("/tmp/.X11-unix", 0o1777);
  }
  const args = ["-displayfd", "3", "-screen", "0", size, "-s", "0", "-nolisten", "tcp", "-noreset"];
  const server = spawn("Xvfb", args, {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    cwd: "/",
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  });
  let said = "";
  server.stdio[3]?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  let ended = false;
  server.once("error", () => (ended = true));
  server.once("exit", () => (ended = true));
  await until("the virtual screen is there", () => ended || said.includes("\n"), 15_000);
  if (ended) throw new Error("The virtual screen (Xvfb) does not start.");
  const stop = () => void server.kill("SIGTERM");
  process.on("exit", stop);
  server.unref();
  return { display: `:${said.trim()}`, stop };
}

/** Opens a virtual screen that belongs to an account; `null`: to ourselves. */
export async function openScreen(account: Account | null): Promise<Screen> {
  const { display, stop } = await startServer(account);
  const as = account ? { uid: account.uid, gid: account.gid } : {};
  const run = (program: string, args: readonly string[], input?: Buffer) => {
    const ran = spawnSync(program, args, {
      ...as,
      cwd: "/",
      env: { PATH: process.env["PATH"], HOME: "/tmp", DISPLAY: display, OMP_THREAD_LIMIT: "1" },
      maxBuffer: 64 * 1024 * 1024,
      ...(input ? { input } : {}),
    });
    if (ran.error || ran.status !== 0)
      throw new Error(`${program} ${args[0]}: ${ran.error?.message ?? ran.stderr.toString().slice(0, 300)}`);
    return ran.stdout;
  };
  // A desktop with windows on it: without a window manager no window would have the keyboard.
  const manager = spawn("openbox", ["--sm-disable"], {
    ...as,
    cwd: "/",
    env: { PATH: process.env["PATH"], HOME: "/tmp", DISPLAY: display },
    stdio: "ignore",
  });
  manager.on("error", () => undefined);
  manager.unref();

  const shown = (form: "png" | "pgm") => {
    const grey = form === "pgm" ? ["-colorspace", "Gray", "-depth", "8"] : [];
    return run("import", ["-silent", "-window", "root", ...grey, `${form}:-`]);
  };
  let looks = 0;
  const words = (): Word[] => {
    const scale = scales[looks % scales.length] as number;
    looks += 1;
    const picture = writeGreymap(enlarge(darkOnLight(readGreymap(shown("pgm"))), scale));
    return readWords(run("tesseract", ["stdin", "stdout", "--psm", "11", "tsv"], picture).toString("utf8"), scale);
  };
  const text = () => lines(words());

  return {
    display,
    type: (typed) => void run("xdotool", ["type", "--delay", "25", "--", typed]),
    press: (key) => void run("xdotool", ["key", "--clearmodifiers", "--", key]),
    text,
    async click(wanted) {
      let place: { x: number; y: number } | null = null;
      await until(`"${wanted}" is on the screen`, () => (place = find(words(), wanted)) !== null, 30_000, text);
      const { x, y } = place as unknown as { x: number; y: number };
      run("xdotool", ["mousemove", "--sync", String(x), String(y)]);
      run("xdotool", ["click", "1"]);
    },
    async waitFor(wanted, within = 30_000) {
      let read = "";
      await until(
        `${wanted} is on the screen`,
        () => wanted.test((read = text())),
        within,
        () => read,
      );
      return read;
    },
    async scrollTo(wanted) {
      const notches = ["click", "--repeat", "4", "--delay", "60", "5"];
      run("xdotool", ["mousemove", "--sync", "760", "500"]);
      let read = "";
      for (let turn = 0; turn < 12; turn += 1) {
        read = text();
        if (wanted.test(read)) return read;
        run("xdotool", notches);
      }
      throw new Error(`${wanted} does not come into sight; seen in the end:\n${read}`);
    },
    picture(file) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, shown("png"));
    },
    close() {
      manager.kill("SIGTERM");
      stop();
    },
  };
}

function lines(words: readonly Word[]): string {
  const byLine = new Map<string, string[]>();
  for (const { line, text } of words) byLine.set(line, [...(byLine.get(line) ?? []), text]);
  return [...byLine.values()].map((line) => line.join(" ")).join("\n");
}

/** The middle of the first place where the words stand one after another in a line. */
export function find(words: readonly Word[], wanted: string): { x: number; y: number } | null {
  const sought = wanted.split(/\s+/u).map(plain);
  for (let at = 0; at + sought.length <= words.length; at += 1) {
    const here = words.slice(at, at + sought.length);
    if (!here.every(({ text, line }, next) => plain(text) === sought[next] && line === here[0]?.line)) continue;
    const [first, last] = [here[0] as Word, here.at(-1) as Word];
    return {
      x: Math.round((first.left + last.left + last.width) / 2),
      y: Math.round(first.top + first.height / 2),
    };
  }
  return null;
}

const plain = (text: string) => text.toLocaleLowerCase("en").replace(/[^\p{L}\p{N}]/gu, "");
