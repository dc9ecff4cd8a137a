import { readdirSync, readFileSync } from "node:fs";

export interface AppProcess {
  readonly pid: number;
  /** `browser`, `renderer`, `gpu-process`, `utility`, `zygote`. */
  readonly type: string;
}

function tell(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // Gone meanwhile.
    return "";
  }
}

/** The app's own processes, its pages and helpers among them, without the database's: by descent, since a page's process keeps no environment. Linux only. */
export function appProcesses(main: number): AppProcess[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/u.test(entry))) {
    const stat = tell(`/proc/${name}/stat`);
    // The name in brackets may hold spaces and brackets.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: AppProcess[] = [];
  const waiting = [main];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const command = tell(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
    waiting.push(...(children.get(pid) ?? []));
    const type = / --type=([a-z-]+)/u.exec(command)?.[1] ?? (pid === main ? "browser" : undefined);
    if (type !== undefined) found.push({ pid, type });
  }
  return found;
}
