import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock as clock } from "../../electron/clock";
import { appLine } from "../../electron/health/bundle/log-lines";
import { configurationValue } from "../../electron/health/bundle/scrub";
import { serverLine } from "../../electron/health/bundle/server-lines";
import { writeDiagnosticBundle } from "../../electron/health/bundle/write-bundle";
import { createLog } from "../../electron/logging/log";
import { Refusal } from "../../shared/failure";
import type { HealthReport } from "../../shared/workstation/health";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lamplight-diagnostics-"));
  mkdirSync(join(home, "logs"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** What must never come out: of patients, of people, of the hospital, and secrets. */
const markers = [
  "Leah Fitzwilliam",
  "Fitzwilliam",
  "MRN-40417731",
  "4857773456",
  "943-476-5919",
  "QQ123456C",
  "hunter2-S3cret!",
  "sk-proj-Zx81kPq0",
  "nurse.brannigan",
  "ward7-db.stmungos.example",
  "10.44.7.19",
  "eyJhbGciOiJFZERTQSJ9",
  "Zoë Ørsted-Müller",
];

/** Every way in which a marker could stand in a file. */
function formsOf(marker: string): Buffer[] {
  const utf16 = Buffer.from(marker, "utf16le");
  return [
    Buffer.from(marker),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(encodeURIComponent(marker)),
    Buffer.from(JSON.stringify(marker).slice(1, -1)),
    Buffer.from(Buffer.from(marker).toString("hex")),
    // Base64 without the last characters, which depend on what follows.
    Buffer.from(Buffer.from(marker).toString("base64").replace(/=+$/u, "").slice(0, -1)),
    Buffer.from(utf16.toString("base64").replace(/=+$/u, "").slice(0, -1)),
  ];
}

function report(change: Partial<HealthReport> = {}): HealthReport {
  return {
    takenAt: "2030-01-10T12:00:00.000Z",
    version: "0.2.0",
    state: "warning",
    checks: [
      { name: "database", state: "good", message: "The database answers.", figures: { latency_milliseconds: 1.5 } },
    ],
    ...change,
  };
}
async function bundle(change: Partial<Parameters<typeof writeDiagnosticBundle>[1]> = {}) {
  const target = join(home, "bundle.zip");
  await writeDiagnosticBundle(target, {
    report: report(),
    configuration: [],
    versions: { lamplight: "0.2.0" },
    home,
    clock,
    ...change,
  });
  const entries = unzipSync(readFileSync(target));
  return {
    target,
    entries,
    names: Object.keys(entries),
    text: (name: string) => strFromU8(entries[name] ?? new Uint8Array()),
    whole: Buffer.concat(
      Object.entries(entries).flatMap(([name, bytes]) => [Buffer.from(`${name}\n`), Buffer.from(bytes)]),
    ),
  };
}

test("nothing that was planted comes out, however it is written", async () => {
  const log = createLog(join(home, "logs", "lamplight.log"));
  const planted: (string | Buffer)[] = [];
  for (const marker of markers) {
    for (const form of formsOf(marker)) planted.push(form, "\n");
    planted.push(
      `[2030-01-10 12:00:00.000] [info]  ${marker}\n`,
      `[2030-01-10 12:00:00.000] [info]  started 0.2.0 on Electron 45.4.1 by ${marker}\n`,
      `[2030-01-10 12:00:00.000] [error] 3f9a1c20 start: ${marker}\n`,
      `[2030-01-10 12:00:00.000] [error] 3f9a1c20 ${marker}: TypeError\n`,
      `[2030-01-10 12:00:00.000] [error] 3f9a1c20 start: TypeError ${marker} at ${marker} (/home/${marker}/main.cjs:1:2)\n`,
      `[2030-01-10 12:00:00.000] [error] 3f9a1c20 start: TypeError at f (main.cjs:1:2) < at ${marker}\n`,
      `    at ${marker} (/opt/Lamplight/main.cjs:3:4)\n`,
      `{"url":"https://it:${marker}@${marker}/?token=${marker}"}\n`,
    );
  }
  writeFileSync(join(home, "logs", "lamplight.old.log"), Buffer.concat(planted.map((part) => Buffer.from(part))));
  writeFileSync(join(home, "logs", "lamplight.log.nurse.brannigan"), "Fitzwilliam\n");
  const server = markers.flatMap((marker) => [
    `2030-01-10 12:00:00.000 UTC [77] ERROR:  duplicate key value violates unique constraint "${marker}"`,
    `2030-01-10 12:00:00.000 UTC [77] DETAIL:  Key (name)=(${marker}) already exists.`,
    `2030-01-10 12:00:00.000 UTC [77] FATAL:  password authentication failed for user "${marker}"`,
    `2030-01-10 12:00:00.000 UTC [77] LOG:  could not extend file "${marker}"`,
    `2030-01-10 12:00:00.000 UTC [77] LOG:  statement: SELECT '${marker}'`,
    `\tCONTEXT ${marker}`,
    marker,
  ]);
  writeFileSync(join(home, "logs", "postgres.log"), `${server.join("\n")}\n`);
  log.unexpected("start", Object.assign(new Error(markers.join(" ")), { code: markers[3] }));
  const { whole, names, target } = await bundle({
    report: report({
      version: markers[1] ?? "",
      checks: [
        {
          name: "database",
          state: "bad",
          message: "The server ward7-db.stmungos.example at 10.44.7.19 refuses nurse.brannigan.",
          figures: Object.fromEntries(markers.map((marker, index) => [index % 2 ? `figure_${index}` : marker, marker])),
        },
      ],
    }),
    configuration: markers.map((marker) => ({
      name: marker,
      title: marker,
      value: `postgresql://${marker}@${marker}:5432/${marker}`,
      source: "chosen" as const,
      locked: false,
    })),
    versions: Object.fromEntries(
      markers.flatMap((marker) => [
        [marker, "1.0.0"],
        ["system", marker],
      ]),
    ),
    hidden: ["hunter2-S3cret!"],
  });
  for (const marker of markers)
    for (const [index, form] of formsOf(marker).entries())
      expect(whole.includes(form), `${marker} in form ${index}`).toBe(false);
  expect(whole.includes(hostname())).toBe(false);
  expect(whole.includes(home)).toBe(false);
  if (userInfo().username !== "root") expect(whole.includes(userInfo().username)).toBe(false);
  expect(names.sort()).toEqual(
    [
      "README.txt",
      "configuration.json",
      "lamplight.1.log",
      "lamplight.2.log",
      "lamplight.log",
      "postgres.log",
      "report.json",
      "versions.json",
    ].sort(),
  );
  expect(statSync(target).mode & 0o777).toBe(0o600);
});

test("the planted lines would be found if they did come out", () => {
  // The search itself: a filter that lets everything through must fail the test above.
  const whole = Buffer.concat(markers.flatMap(formsOf));
  for (const marker of markers) for (const form of formsOf(marker)) expect(whole.includes(form)).toBe(true);
});

test("what IT needs stays: what was started, where it failed, what the server said", async () => {
  const log = createLog(join(home, "logs", "lamplight.log"));
  log.info("started 0.2.0 on Electron 45.4.1");
  const reference = log.unexpected("connection.test", Object.assign(new TypeError("x"), { code: "ECONNREFUSED" }));
  log.unexpected("database start", new Refusal("DATABASE_UNAVAILABLE"));
  log.unexpected("health keys", Object.assign(new Error("x"), { code: "42883" }));
  writeFileSync(
    join(home, "logs", "postgres.log"),
    "2030-01-10 12:00:00.000 UTC [77] LOG:  database system is ready to accept connections\n2030-01-10 12:00:01.000 UTC [78] FATAL:  sorry, too many clients already\n",
  );
  const { text } = await bundle({
    configuration: [
      {
        name: "lock.idleSeconds",
        title: "Lock after",
        value: "900 seconds without input",
        source: "managed",
        locked: true,
      },
      { name: "model.apiKey", title: "Key", value: "set", source: "managed", locked: true },
      {
        name: "database.url",
        title: "Database",
        value: "postgresql://lamplight_app@db.example/lamplight",
        source: "chosen",
        locked: false,
      },
    ],
    versions: { lamplight: "0.2.0", system: "6.12.0-21-amd64", platform: "linux", openssl: "3.0.15+quic" },
  });
  const lines = text("lamplight.log");
  expect(lines).toContain("[info]  started 0.2.0 on Electron 45.4.1".replace("  ", " "));
  expect(lines).toContain(`${reference} connection.test: TypeError ECONNREFUSED at elsewhere`);
  expect(lines).toContain("database start: Refusal");
  expect(lines).toContain("health keys: Error 42883");
  expect(text("postgres.log")).toContain("LOG: database system is ready to accept connections\n");
  expect(text("postgres.log")).toContain("FATAL: sorry, too many clients already");
  expect(JSON.parse(text("configuration.json"))).toEqual([
    { name: "lock.idleSeconds", value: "900 seconds without input", source: "managed", locked: true },
    { name: "model.apiKey", value: "set", source: "managed", locked: true },
    {
      name: "database.url",
      value: expect.stringMatching(/^postgresql:\/\/address-[0-9a-f]{8}$/u),
      source: "chosen",
      locked: false,
    },
  ]);
  expect(JSON.parse(text("versions.json"))).toEqual({
    lamplight: "0.2.0",
    system: "6.12.0-21-amd64",
    platform: "linux",
    openssl: "3.0.15+quic",
  });
  expect(JSON.parse(text("report.json"))).toEqual(report());
  expect(text("README.txt")).toContain("Nothing of a patient");
});

describe("a line of our log", () => {
  const head = "[2030-01-10 12:00:00.000] [error]";
  test.each([
    [
      "start: TypeError at Session.open (/opt/Lamplight/resources/app.asar/out/main/main.cjs:120:14)",
      "start: TypeError at main.cjs:120:14",
    ],
    ["start: TypeError at main.cjs:120:14", "start: TypeError at main.cjs:120:14"],
    [
      "start: TypeError at f (node:internal/fs:12:3) < at g (/home/anna/x.cjs:1:1)",
      "start: TypeError at node:12:3 < elsewhere",
    ],
    ["start: error 28P01", "start: error 28P01"],
    ["start: error 12345", "start: error (5 characters withheld)"],
    ["start: error SMITH", "start: error (5 characters withheld)"],
    ["start: Fitzwilliam", "start: (11 characters withheld)"],
    ["Fitzwilliam: TypeError", "(11 characters withheld): TypeError"],
    ["start: TypeError at f (main.cjs:4857773456:1)", "start: TypeError at elsewhere"],
  ])("%s", (line, expected) => {
    expect(appLine(`${head} 3f9a1c20 ${line}`)).toBe(`${head} 3f9a1c20 ${expected}`);
  });
  test.each(["", "Fitzwilliam", "[2030-01-10 12:00:00.000] [silly] x", "[x] [info] started 0.2.0 on Electron 45.4.1"])(
    "of no known shape: %j",
    (line) => expect(appLine(line)).toBe(`(${line.length} characters withheld)`),
  );
});

test("a line of the server keeps its own sentence and withholds the rest", () => {
  const head = "2030-01-10 12:00:00.000 UTC [77]";
  expect(serverLine(`${head} FATAL:  password authentication failed for user "anna"`)).toBe(
    `${head} FATAL: password authentication failed (16 characters withheld)`,
  );
  expect(serverLine(`${head} ERROR:  anything else`)).toBe(`${head} ERROR: (13 characters withheld)`);
  expect(serverLine("anything else")).toBe("(13 characters withheld)");
});

test("a handle is the same in every bundle of a workstation and another on each workstation", async () => {
  const item = {
    name: "database.url",
    title: "",
    value: "postgresql://db.example/x",
    source: "chosen" as const,
    locked: false,
  };
  const value = (text: string) => (JSON.parse(text) as { value: string }[])[0]?.value;
  const one = value((await bundle({ configuration: [item] })).text("configuration.json"));
  const again = value((await bundle({ configuration: [item] })).text("configuration.json"));
  expect(again).toBe(one);
  expect(statSync(join(home, "diagnostic-handles.key")).mode & 0o777).toBe(0o600);
  rmSync(join(home, "diagnostic-handles.key"));
  expect(value((await bundle({ configuration: [item] })).text("configuration.json"))).not.toBe(one);
});

test("of a value only what is known to say nothing is told as it is", () => {
  const handle = (kind: string) => `<${kind}>`;
  expect(
    ["on", "not set", "900 seconds", "light", "a database of this machine's own"].map((text) =>
      configurationValue(text, handle),
    ),
  ).toEqual(["on", "not set", "900 seconds", "light", "a database of this machine's own"]);
  expect(
    ["Fitzwilliam", "4857773456", "https://x.example", "ftp://x.example", "set by Anna"].map((text) =>
      configurationValue(text, handle),
    ),
  ).toEqual(["<text>", "<text>", "https://<address>", "<text>", "<text>"]);
});

test("a long log gives its end, whole lines alone; a bundle that cannot be written leaves what was there", async () => {
  const line = "2030-01-10 12:00:00.000 UTC [77] LOG:  checkpoint starting\n";
  writeFileSync(
    join(home, "logs", "postgres.log"),
    `${line.repeat(80_000)}2030-01-10 13:00:00.000 UTC [77] LOG:  shutting down\n`,
  );
  const { text } = await bundle();
  const lines = text("postgres.log").trimEnd().split("\n");
  expect(lines.length).toBeLessThan(80_000);
  expect(lines[0]).toBe("2030-01-10 12:00:00.000 UTC [77] LOG: checkpoint starting");
  expect(lines.at(-1)).toBe("2030-01-10 13:00:00.000 UTC [77] LOG: shutting down");
  const options = { report: report(), configuration: [], versions: {}, home, clock };
  mkdirSync(join(home, "taken"));
  await expect(writeDiagnosticBundle(join(home, "taken"), options)).rejects.toThrow();
  await expect(writeDiagnosticBundle(join(home, "nowhere", "bundle.zip"), options)).rejects.toThrow();
});
