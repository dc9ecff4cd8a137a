import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestHospital, type TestHospital } from "../support/hospital";

/** docs/database-api.md against the catalog, and its example run as it stands there. */
const document = readFileSync("docs/database-api.md", "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(document)?.[1] ?? "";
const run = promisify(execFile);
const hasPsql = spawnSync("psql", ["--version"]).status === 0;

let hospital: TestHospital;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  hospital = await startTestHospital();
  const { LAMPLIGHT_PASSWORD: _, PGHOST: __, ...rest } = process.env;
  environment = { ...rest, LAMPLIGHT_HOME: hospital.cluster.home, DATABASE_URL: "" };
});
afterAll(() => hospital.close());

async function list(text: string): Promise<string[]> {
  return (await hospital.owner(text)).rows.map((row) => String(row["name"])).sort();
}
const named = (pattern: RegExp) => [...document.matchAll(pattern)].map((match) => String(match[1])).sort();

test("it names exactly the functions of the catalog, with their arguments", async () => {
  const functions = await list(
    "SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('api', 'guard')",
  );
  expect(functions.length).toBeGreaterThan(25);
  expect(named(/^\| `((?:api|guard)\.\w+\([^`]*\))` \|/gm)).toEqual(functions);
});

test("it names exactly the views of the catalog, with their columns in order", async () => {
  const views = await list(
    `SELECT 'api.' || c.relname || ' ' || string_agg(a.attname, ', ' ORDER BY a.attnum) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE n.nspname = 'api' AND c.relkind = 'v' GROUP BY c.relname`,
  );
  const documented = [...document.matchAll(/^\| `(api\.\w+)` \| .* \| ([a-z0-9_, ]+) \|$/gm)]
    .map((match) => `${match[1]} ${match[2]}`)
    .sort();
  expect(documented).toEqual(views);
});

test("every tool that it says opens a view discloses what the view asks for", async () => {
  const rows = [...document.matchAll(/^\| `api\.(\w+)` \| (.*) \| [a-z0-9_, ]+ \|$/gm)].filter(
    (match) => match[2] !== "any",
  );
  const known = await list("SELECT name FROM private.tool");
  for (const [, , tools = ""] of rows)
    for (const tool of tools.split(", ")) expect(known).toContain(tool.replaceAll("`", ""));
});

test("the file that the example runs is the one that the document shows", () => {
  expect(readFileSync("docs/database-api.sql", "utf8")).toBe(block("sql"));
});

/** The little of psql that the example uses: statements, `\gset`, `\echo` and quoted variables. */
async function play(sql: string, connection: string, variables: Record<string, string>): Promise<string> {
  const client = new pg.Client({
    connectionString: connection,
    types: { getTypeParser: () => (value: string) => value } as never,
  });
  await client.connect();
  const told: string[] = [];
  const parts = sql
    .replace(/^--.*$/gm, "")
    .split(/(;|\\gset)$|^(\\echo .*)$/m)
    .filter((part) => part?.trim());
  for (const [index, part] of parts.entries()) {
    if (part === ";" || part === "\\gset") continue;
    if (part.startsWith("\\echo ")) {
      told.push(part.slice(6).replaceAll(/:(\w+)/g, (_, name: string) => variables[name] ?? ""));
      continue;
    }
    const values: string[] = [];
    const text = part.replaceAll(/:'(\w+)'/g, (_, name: string) => `$${values.push(variables[name] ?? "")}`);
    const { rows } = await client.query(text, values);
    if (parts[index + 1] === "\\gset")
      Object.assign(variables, Object.fromEntries(Object.entries(rows[0] ?? {}).filter(([, value]) => value !== null)));
  }
  await client.end();
  return `${told.join("\n")}\n`;
}

describe("the example session", () => {
  test("prints what the document says, run by a program that binds its values", async () => {
    const env = { ...environment, LAMPLIGHT_PASSWORD: "DemoPass123!" };
    const connection = (await run("npm", ["run", "--silent", "connection"], { env })).stdout.trim();
    const proof = (await run("npm", ["run", "--silent", "proof", "--", "--user", "demo_nurse"], { env })).stdout.trim();
    expect(proof).toMatch(/^[0-9a-f]{64}$/);
    expect(await play(block("sql"), connection, { proof: `\\x${proof}` })).toBe(block("text"));
  });

  test.runIf(hasPsql)("prints what the document says, run by psql with the document's own lines", async () => {
    const { stdout } = await run("bash", ["-euc", block("sh")], { env: environment });
    expect(stdout).toBe(block("text"));
  });
});
