import { createInterface } from "node:readline";
import { Refusal } from "../../../shared/failure";
import { AdministrationRefused } from "../../administration/refused";
import { BackupRefused } from "../../backup/refused";
import { BadEnvironment } from "../../config";
import { EmbeddedServerTrouble } from "../../database/embedded-server";
import { SchemaRefused } from "../../database/migrate";
import { sqlStateOf, type TroubleKind, troubleOf } from "../../database/trouble";

/** What a command says to whoever runs it: answers on standard output, complaints and progress on standard error. */
export interface Terminal {
  say(line: string): void;
  complain(line: string): void;
  /** One line that the next one overwrites; shown on a terminal alone. `null` clears it. */
  progress(line: string | null): void;
  /** A secret from the named variable, or asked without showing it. Throws `CommandRefused` where nobody can be asked. */
  secret(variable: string, prompt: string): Promise<string>;
}

/** A command that cannot go on, with one plain line for whoever runs it. */
export class CommandRefused extends Error {}

const saysItself = [
  CommandRefused,
  AdministrationRefused,
  BackupRefused,
  BadEnvironment,
  SchemaRefused,
  EmbeddedServerTrouble,
];

/** What the trouble of a connection means for whoever administers the server. */
const connectionWords: Readonly<Record<TroubleKind, string>> = {
  certificate:
    "The server's certificate does not hold: of another server, expired, or of another authority. `sslrootcert` in the URL names the hospital's authority.",
  unencrypted: "The server offers no encrypted connection, so nothing was sent to it.",
  login: "The server refused the login: its name, its password, or the address it comes from.",
  "no-password": "The server wants a password, and none was given for this address.",
  "no-database": "The server has no database of that name.",
  restarting: "The server is starting or stopping. Try again in a moment.",
  ended: "The server ended the connection. What was not reported as done was not done.",
  crowded: "The server has too many connections at the moment.",
  "disk-full": "The server's disk is full.",
  "disk-broken": "The server cannot read or write its disk.",
  standby: "That server is a standby and takes no changes. Name the primary.",
  outdated: "That server was replaced by another and lacks what was saved since. Stop it, and name the new one.",
  silent: "The server does not answer, or the connection to it was lost.",
};
const statementWords: Readonly<Record<string, string>> = {
  "42501": "The login may not do this. It must own the database and may create roles; see docs/administration.md.",
  "3F000": "The database is not prepared yet. Run `lamplight-admin schema` first.",
  "42P01": "The database is not prepared yet, or older than this version. Run `lamplight-admin schema` first.",
  "42883": "The database is older than this version. Run `lamplight-admin schema` first.",
  "42703": "The database is older than this version. Run `lamplight-admin schema` first.",
  "22023": "The database is not prepared yet. Run `lamplight-admin schema` first.",
};

/** One plain line for what went wrong: a refusal's own words, never a stack and never a driver's text. */
export function inWords(error: unknown): string {
  if (error instanceof Refusal) return error.failure.message;
  if (saysItself.some((kind) => error instanceof kind)) return (error as Error).message;
  const file = fileTrouble(error);
  if (file) return file;
  const trouble = troubleOf(error);
  if (trouble) return connectionWords[trouble.kind];
  const known = statementWords[sqlStateOf(error) ?? ""];
  if (known) return known;
  const code = typeof error === "object" && error !== null && "code" in error ? ` (${String(error.code)})` : "";
  return `Something went wrong that we did not foresee${code}.`;
}

/** A file that cannot be used has the same codes as a server that does not answer; only the first names a path. */
function fileTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("path" in error) || !("syscall" in error) || error.syscall === "connect") return;
  return `${String(error.path)} cannot be read or written (${"code" in error ? String(error.code) : "unknown"}).`;
}

export function systemTerminal(environment: NodeJS.ProcessEnv = process.env): Terminal {
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    progress: (line) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line ?? ""}`);
    },
    secret: async (variable, prompt) => {
      const given = environment[variable];
      if (given) return given;
      if (!process.stdin.isTTY) throw new CommandRefused(`Set ${variable}, or run this on a terminal to be asked.`);
      return askSilently(prompt);
    },
  };
}

function askSilently(prompt: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: true });
  // Readline would echo what is typed; swallowing its output is its own documented way to ask silently.
  const silent = lines as unknown as { _writeToOutput: (text: string) => void };
  process.stdout.write(`${prompt}: `);
  silent._writeToOutput = () => undefined;
  return new Promise((resolve, reject) => {
    // Interrupted, or at the end of what is typed: whoever waits must hear of it.
    lines.once("close", () => reject(new CommandRefused("Nothing was entered. Nothing was changed.")));
    lines.question("", (answer) => {
      resolve(answer);
      lines.close();
      process.stdout.write("\n");
    });
  });
}
