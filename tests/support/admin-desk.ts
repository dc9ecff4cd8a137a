import { runAdmin } from "../../electron/command-line/admin/lamplight-admin";
import { CommandRefused } from "../../electron/command-line/admin/terminal";
import type { ConnectionSettings } from "../../electron/database/pool";

export interface AdminAnswer {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** `lamplight-admin` in this process, with a terminal that remembers what it was told; nobody can be asked there. */
export async function admin(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<AdminAnswer> {
  const out: string[] = [];
  const error: string[] = [];
  const code = await runAdmin(words, {
    terminal: {
      say: (line) => void out.push(line),
      complain: (line) => void error.push(line),
      progress: () => undefined,
      secret: (variable) => {
        const given = environment[variable];
        return given ? Promise.resolve(given) : Promise.reject(new CommandRefused(`Set ${variable}.`));
      },
    },
    environment,
    migrations: "resources/database/migrations",
    demoFolder: "resources/demo-hospital",
    version: "0.0.0",
  });
  return { code, out: out.join("\n"), error: error.join("\n") };
}

export function ownerUrl({ user, password, host, port, database }: ConnectionSettings): string {
  const place = host.startsWith("/")
    ? `/${database}?host=${encodeURIComponent(host)}&port=${port}`
    : `${host}:${port}/${database}`;
  return `postgresql://${user}:${encodeURIComponent(password)}@${place}`;
}
