import { execFile, execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock as clock } from "../../electron/clock";
import { runAdmin } from "../../electron/command-line/admin/lamplight-admin";
import { installUpdate } from "../../electron/updates/install";
import { signRelease } from "../../electron/updates/signature";
import { toolNode } from "../../scripts/lib/project.mjs";
import { type FeedServer, packageBytes, sha512, startFeedServer } from "../support/update-feed";

const project = join(import.meta.dirname, "..", "..");
const tsx = join(project, "node_modules", "tsx", "dist", "cli.mjs");
const isRoot = process.getuid?.() === 0;
const hasDebian = process.platform === "linux" && spawnSync("dpkg-deb", ["--version"]).status === 0;

let folder: string;
let server: FeedServer;
let certificate: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-update-command-"));
  const made = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  certificate = join(folder, "authority.pem");
  writeFileSync(certificate, made.cert);
  server = await startFeedServer({ key: made.private, cert: made.cert });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the program does, without starting a process for each line. */
async function admin(words: readonly string[], environment: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runAdmin(["--home", join(folder, "home"), ...words], {
    terminal: {
      say: (line) => out.push(line),
      complain: (line) => err.push(line),
      progress: () => undefined,
      secret: () => Promise.reject(new Error("no secret is needed")),
    },
    environment,
    migrations: join(project, "resources", "database", "migrations"),
    demoFolder: join(project, "resources", "demo-hospital"),
    version: "0.2.0",
    packaged: false,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** The program itself, as IT runs it from a clone. */
function program(words: readonly string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const { PATH = "" } = process.env;
    execFile(
      toolNode(),
      [tsx, "scripts/admin.ts", "--home", join(folder, "home"), ...words],
      { cwd: project, env: { PATH, HOME: folder, npm_package_version: "0.2.0", ...environment } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}
const managed = (updates: object): Record<string, string> => {
  const file = join(folder, "managed.json");
  writeFileSync(file, JSON.stringify({ updates }));
  return { LAMPLIGHT_MANAGED: file, NODE_EXTRA_CA_CERTS: certificate };
};

describe("from the key to the workstation", () => {
  const keyFile = () => join(folder, "updates.key");
  const release = () => join(folder, "release");

  test("a new key is private, and never replaces one", async () => {
    const made = await admin(["update", "new-key", keyFile()]);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(made.out).toContain(JSON.stringify(readFileSync(`${keyFile()}.pub`, "utf8").trim()));
    expect(made.out).not.toContain("PRIVATE");
    const before = readFileSync(keyFile(), "utf8");
    expect(await admin(["update", "new-key", keyFile()])).toMatchObject({ code: 1 });
    expect(readFileSync(keyFile(), "utf8")).toBe(before);
  });

  test("a folder of packages is signed; what cannot be one of the version is named", async () => {
    mkdirSync(release(), { recursive: true });
    const sign = (...more: string[]) =>
      admin(["update", "sign", "--key", keyFile(), "--notes", "Clearer labels.", ...more, release()]);
    expect((await sign("--release", "0.3.0")).err).toContain("holds no package");
    writeFileSync(join(release(), "lamplight_0.3.0_amd64.deb"), packageBytes(4000));
    writeFileSync(join(release(), "Lamplight-0.3.0-arm64.AppImage"), packageBytes(4000));
    writeFileSync(join(release(), "builder-debug.yml"), "not a package");
    expect((await sign()).err).toContain("does not name version 0.2.0");
    writeFileSync(join(release(), "Lamplight-10.3.0-x64.dmg"), "another version");
    expect((await sign("--release", "0.3.0")).err).toContain("Lamplight-10.3.0-x64.dmg does not name version 0.3.0");
    rmSync(join(release(), "Lamplight-10.3.0-x64.dmg"));
    chmodSync(keyFile(), 0o644);
    expect((await sign("--release", "0.3.0")).err).toContain("Other accounts may read the key file");
    chmodSync(keyFile(), 0o600);
    const signed = await sign("--release", "0.3.0");
    expect(signed.err).toBe("");
    expect(signed.out).toContain("Lamplight-0.3.0-arm64.AppImage, lamplight_0.3.0_amd64.deb");
    for (const name of readdirSync(release())) server.put(name, readFileSync(join(release(), name)));
  });

  test("off: says so, opens no connection", async () => {
    const environment = managed({
      enabled: false,
      feed: server.feed,
      publicKey: readFileSync(`${keyFile()}.pub`, "utf8"),
    });
    const asked = await admin(["update"], environment);
    expect(asked.code).toBe(1);
    expect(asked.err).toContain("Updates are off");
    expect(server.connections).toBe(0);
  });

  test.skipIf(process.platform !== "linux" || process.arch !== "x64")(
    "on: over HTTPS that is trusted here",
    async () => {
      const on = managed({ enabled: true, feed: server.feed, publicKey: readFileSync(`${keyFile()}.pub`, "utf8") });
      const asked = await program(["update", "--check"], on);
      expect(asked).toMatchObject({ code: 0, err: "" });
      expect(asked.out).toContain("The feed offers 0.3.0");
      expect(asked.out).toContain("Clearer labels.");
      const { NODE_EXTRA_CA_CERTS: _, ...distrusting } = on;
      const refused = await program(["update"], distrusting);
      expect(refused.code).toBe(1);
      expect(refused.err).toContain("certificate");
    },
  );

  test("another hospital's key: refused in a line", async () => {
    await admin(["update", "new-key", join(folder, "other.key")]);
    const other = managed({
      enabled: true,
      feed: server.feed,
      publicKey: readFileSync(join(folder, "other.key.pub"), "utf8"),
    });
    const asked = await program(["update"], other);
    expect(asked).toMatchObject({ code: 1, out: "" });
    expect(asked.err).toContain("not signed by the hospital's key");
  });
});

describe.skipIf(!isRoot || !hasDebian)("installing, by apt itself", () => {
  const packageName = "lamplight-updates-trial";

  /** A real Debian package with nothing in it. */
  function debian(version: string, name = packageName): Buffer {
    const tree = mkdtempSync(join(folder, "deb-"));
    mkdirSync(join(tree, "DEBIAN"));
    chmodSync(tree, 0o755);
    writeFileSync(
      join(tree, "DEBIAN", "control"),
      `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: The Lamplight authors <it@example.org>\nDescription: a trial\n`,
    );
    execFileSync("dpkg-deb", ["--build", "--root-owner-group", tree, `${tree}.deb`], { stdio: "ignore" });
    return readFileSync(`${tree}.deb`);
  }

  async function offer(version: string, bytes: Buffer, file = `trial_${version}_amd64.deb`) {
    const plain = await startFeedServer();
    const files = (["x64", "arm64"] as const).map((arch) => ({
      platform: "linux" as const,
      arch,
      kind: "deb" as const,
      file,
      size: bytes.length,
      sha512: sha512(bytes),
    }));
    const expires = new Date(clock.now().getTime() + 86_400_000).toISOString();
    const release = {
      version,
      channel: "stable",
      released: clock.now().toISOString().slice(0, 10),
      expires,
      notes: "",
      minimum_schema: "0012",
      newest_schema: "0012",
      files,
    };
    plain.put("lamplight.json", await signRelease(release, readFileSync(join(folder, "updates.key"), "utf8")));
    plain.put(file, bytes);
    return plain;
  }
  const install = (feed: string, own: string, installer: readonly string[]) =>
    installUpdate({
      config: { feed, publicKey: readFileSync(join(folder, "updates.key.pub"), "utf8"), channel: "stable" },
      fetch: globalThis.fetch,
      folder: own,
      clock,
      version: "0.2.0",
      arch: process.arch,
      packageName,
      installer,
    });
  const simulated = ["apt-get", "--simulate", "--quiet"];

  test("takes a package that is what the feed says", async () => {
    const plain = await offer("0.3.0", debian("0.3.0"));
    const own = join(folder, "root-one");
    expect(await install(plain.feed, own, simulated)).toBe("0.3.0");
    expect(statSync(own).mode & 0o777).toBe(0o700);
    await plain.stop();
  });

  test("refuses another package and another version under our signature, before apt is asked", async () => {
    const asked = join(folder, "asked");
    const never = ["touch", asked];
    for (const bytes of [debian("0.3.0", "another-package"), debian("0.9.0"), packageBytes(3000)]) {
      const plain = await offer("0.3.0", bytes);
      await expect(install(plain.feed, join(folder, `root-${bytes.length}`), never)).rejects.toThrow(
        "does not call itself lamplight-updates-trial 0.3.0",
      );
      await plain.stop();
    }
    expect(existsSync(asked)).toBe(false);
  });

  test("refuses a downgrade, and a folder that others may write", async () => {
    const old = await offer("0.1.0", debian("0.1.0"));
    await expect(install(old.feed, join(folder, "root-two"), simulated)).rejects.toThrow(
      "The feed offers 0.1.0, this is 0.2.0: nothing is installed.",
    );
    await old.stop();
    const open = join(folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    const plain = await offer("0.3.0", debian("0.3.0"));
    await expect(install(plain.feed, open, simulated)).rejects.toThrow("others may write there");
    expect(plain.connections).toBe(0);
    await plain.stop();
  });

  test("says that apt refused when it does", async () => {
    const plain = await offer("0.3.0", debian("0.3.0"));
    await expect(install(plain.feed, join(folder, "root-three"), ["false"])).rejects.toThrow("apt-get did not install");
    await plain.stop();
  });
});
