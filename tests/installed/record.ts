import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { superuserName } from "../../electron/database/embedded/initialise";
import { readNote } from "../../electron/database/embedded/places";
import { until } from "./until";

/** What the app wrote down: its own embedded database, read past the app by the machine's administrator. */
export interface Entry {
  readonly at: Date;
  readonly action: string;
  readonly tool: string | null;
  readonly outcome: string;
  readonly staffId: string | null;
}

export async function rows(home: string, statement: string): Promise<Record<string, unknown>[]> {
  const note = readNote(home);
  if (!note) throw new Error(`${home} names no running database.`);
  const client = new pg.Client({
    host: note.socketFolder,
    port: note.port,
    user: superuserName,
    password: readFileSync(join(home, "embedded-server.password"), "utf8").trim(),
    database: "lamplight",
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** Every entry of the audit trail, oldest first. */
export async function entries(home: string): Promise<Entry[]> {
  const found = await rows(
    home,
    `SELECT at, action, tool, outcome, staff_id AS "staffId" FROM private.audit_entry ORDER BY at, sequence`,
  );
  return found as unknown as Entry[];
}

export interface Wanted {
  readonly action: string;
  readonly tool?: string;
  readonly outcome?: string;
}

const inWords = ({ action, tool, outcome }: Wanted) => [action, tool, outcome].filter(Boolean).join(" ");

/** Waits until the trail has grown by an entry such as this since it had `after` entries. */
export async function waitForEntry(home: string, after: number, wanted: Wanted, within = 20_000): Promise<Entry> {
  let found: Entry | undefined;
  let since: Entry[] = [];
  await until(
    `the audit trail says ${inWords(wanted)}`,
    async () => {
      since = (await entries(home)).slice(after);
      found = since.find(
        ({ action, tool, outcome }) =>
          action === wanted.action &&
          (wanted.tool === undefined || tool === wanted.tool) &&
          (wanted.outcome === undefined || outcome === wanted.outcome),
      );
      return found !== undefined;
    },
    within,
    () => since.map(({ action, tool, outcome }) => inWords({ action, outcome, ...(tool ? { tool } : {}) })).join("\n"),
  );
  return found as Entry;
}
