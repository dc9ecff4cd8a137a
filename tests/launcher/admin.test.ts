import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The command as IT types it, in processes of its own, on a machine's own database. */
const project = join(import.meta.dirname, "..", "..");
const place = mkdtempSync(join(tmpdir(), "lamplight-admin-"));
const home = join(place, "home");
beforeAll(() => chmodSync(place, 0o755));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:LAMPLIGHT|DATABASE_URL|PG)/u.test(name)),
);
function admin(words: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    "npm",
    ["run", "--prefix", project, "--silent", "admin", "--", ...words],
    {
      cwd: place,
      encoding: "utf8",
      env: { ...inherited, HOME: place, XDG_CONFIG_HOME: join(place, "config"), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  return { code: status, out: stdout.trim(), error: stderr.replace(/^npm warn .*\n/gmu, "").trim() };
}
const here = (...words: string[]) => admin(["--home", home, ...words]);

test("a command that is not understood ends with 2 and says how it is meant", () => {
  expect(admin(["destroy"])).toMatchObject({ code: 2, error: expect.stringContaining("unknown command") });
  expect(admin(["retention", "--chat-days", "0"])).toMatchObject({
    code: 2,
    error: expect.stringContaining("30 or more"),
  });
  expect(admin(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("first-admin") });
});

// Root's own default is the state of the app on this machine: no test goes there.
test.runIf(process.getuid?.() !== 0)("without a server's name no database is made by mistake", () => {
  expect(admin(["schema"])).toMatchObject({ code: 1, error: expect.stringContaining("LAMPLIGHT_OWNER_URL") });
});

test("an empty machine becomes a hospital, step by step", () => {
  expect(here("schema")).toMatchObject({ code: 0, out: expect.stringMatching(/^Applied \d+ migrations/) });
  expect(here("schema", "--check")).toMatchObject({ code: 0, out: expect.stringContaining("up to date") });
  expect(here("login")).toMatchObject({ code: 1, error: expect.stringContaining("itself") });
  const password = "a lantern by the window";
  const person = ["--home", home, "first-admin", "--username", "mreyes", "--name", "Reyes, Monica"];
  expect(admin(person)).toMatchObject({ code: 1, error: expect.stringContaining("Set LAMPLIGHT_PASSWORD") });
  const made = admin(person, { LAMPLIGHT_PASSWORD: password });
  expect(made).toEqual({ code: 0, out: "mreyes (STF001) is the first Admin and can sign in.", error: "" });
  // A path is meant from where the person stands, and npm goes to the project's folder.
  writeFileSync(
    join(place, "wards.csv"),
    "ward_code,ward_name,department,bed_code\n5A,Internal Medicine,Medicine,01\n",
  );
  expect(admin(["--home", home, "wards", "wards.csv"])).toMatchObject({
    code: 0,
    out: "1 wards added, 0 changed, 1 beds added, 0 removed.",
  });
  const rotated = admin(["--home", home, "keys", "rotate", "fields", "--user", "mreyes"], {
    LAMPLIGHT_PASSWORD: password,
  });
  expect(rotated).toMatchObject({ code: 0, error: "" });
  expect(rotated.out).not.toContain(password);
  const status = here("keys", "status", "--json");
  expect(JSON.parse(status.out)).toMatchObject({ fieldKey: { rotation: { rowsLeft: 0, waitingFor: ["mreyes"] } } });
  expect(here("audit", "verify", "--json")).toMatchObject({ code: 0, out: expect.stringContaining('"faults":[]') });
});
