import { createHmac, randomBytes } from "node:crypto";
import {
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
import { CompactSign, importPKCS8 } from "jose";
import { generate } from "selfsigned";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BadUpdatesConfiguration, readUpdatesConfiguration } from "../../electron/updates/configuration";
import type { FeedLimits } from "../../electron/updates/feed";
import type { Release } from "../../electron/updates/release";
import { keyId, signRelease } from "../../electron/updates/signature";
import { createUpdates, type UpdatesOptions } from "../../electron/updates/updates";
import { type UpdateView, updateViewSchema } from "../../shared/workstation/updates";
import {
  ed25519Pair,
  type FeedServer,
  packageBytes,
  publish,
  releaseOf,
  sha512,
  startFeedServer,
} from "../support/update-feed";

const key = ed25519Pair();
const now = new Date("2030-01-10T12:00:00Z");
const clock = { now: () => now, monotonic: () => performance.now(), uptime: () => performance.now() };
/** Long, so that a busy machine is no silent server; a test of one limit shortens that one. */
const limits: FeedLimits = { silence: 60_000, feed: 60_000, download: 60_000 };
const fileName = "lamplight_0.3.0_amd64.deb";

let server: FeedServer;
let home: string;
let views: UpdateView[];
beforeEach(async () => {
  server = await startFeedServer();
  home = mkdtempSync(join(tmpdir(), "lamplight-updates-"));
  views = [];
});
afterEach(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

function updatesWith(change: Partial<UpdatesOptions> = {}) {
  return createUpdates({
    config: { feed: server.feed, publicKey: key.publicKey, channel: "stable" },
    home,
    fetch: globalThis.fetch,
    platform: "linux",
    arch: "x64",
    version: "0.2.0",
    clock,
    onChange: (view) => views.push(updateViewSchema.parse(view)),
    limits,
    ...change,
  });
}
const kept = () => (existsSync(join(home, "updates")) ? readdirSync(join(home, "updates")).sort() : []);
const leftovers = () => kept().filter((name) => name !== "state.json");

describe("off", () => {
  test("opens no connection, whatever is asked of it", async () => {
    const fetch = vi.fn(globalThis.fetch);
    const updates = updatesWith({ config: null, fetch, rhythm: { first: 5, every: 5, jitter: 0 } });
    updates.start();
    expect((await updates.check()).state).toBe("off");
    await new Promise((resolve) => setTimeout(resolve, 60));
    updates.stop();
    expect(fetch).not.toHaveBeenCalled();
    expect(server.connections).toBe(0);
    expect(kept()).toEqual([]);
    expect(updates.view().message).toContain("no connection is opened");
  });

  test.each([undefined, false])("is what `enabled: %s` means, though a feed is named", (enabled) => {
    expect(readUpdatesConfiguration({ enabled, feed: server.feed, publicKey: key.publicKey })).toBeNull();
  });
});

describe("the configuration", () => {
  const read = (change: object) =>
    readUpdatesConfiguration({
      enabled: true,
      feed: "https://feed.example.org/ward",
      publicKey: key.publicKey,
      ...change,
    });
  test("takes a folder with or without its slash", () => {
    expect(read({})?.feed).toBe("https://feed.example.org/ward/");
    expect(read({ feed: "http://127.0.0.1:8080" })?.feed).toBe("http://127.0.0.1:8080/");
  });
  test.each([
    ["updates.feed", { feed: undefined }],
    ["updates.feed", { feed: "feed" }],
    ["updates.feed", { feed: "http://feed.example.org/" }],
    ["updates.feed", { feed: "http://127.0.0.1.example.org/" }],
    ["updates.feed", { feed: "https://it:hunter2secret@feed.example.org/" }],
    ["updates.feed", { feed: "https://feed.example.org/?token=hunter2secret" }],
    ["updates.feed", { feed: "file:///srv/feed" }],
    ["updates.publicKey", { publicKey: undefined }],
    ["updates.publicKey", { publicKey: "hunter2secret" }],
    ["updates.publicKey", { publicKey: key.privateKey }],
    ["updates.channel", { channel: "../stable" }],
  ])("names %s and repeats no value: %j", (item, change) => {
    let message = "";
    try {
      read(change);
    } catch (error) {
      expect(error).toBeInstanceOf(BadUpdatesConfiguration);
      message = (error as Error).message;
    }
    expect(message).toContain(item);
    expect(message).not.toContain("hunter2secret");
  });
});

describe("a newer version", () => {
  test("is downloaded, verified and kept for IT; nothing is installed", async () => {
    const bytes = packageBytes();
    await publish(server, key, releaseOf(bytes), bytes);
    const updates = updatesWith();
    const view = await updates.check();
    expect(view).toMatchObject({ state: "ready", version: "0.2.0", offered: "0.3.0", checkedAt: now.toISOString() });
    expect(view.message).toContain("sudo lamplight-admin update --install");
    expect(views.map(({ state }) => state)).toEqual(["checking", "downloading", "ready"]);
    expect(kept()).toEqual([fileName, "state.json"]);
    expect(sha512(readFileSync(join(home, "updates", fileName)))).toBe(sha512(bytes));
    expect(statSync(join(home, "updates")).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, "updates", fileName)).mode & 0o777).toBe(0o600);
    expect(updates.file).toBe(join(home, "updates", fileName));
    // Known already: the second look asks for the feed alone.
    server.asked.length = 0;
    expect((await updates.check()).state).toBe("ready");
    expect(server.asked).toEqual(["/ward/lamplight.json"]);
  });

  test("two looks at once are one", async () => {
    const bytes = packageBytes();
    await publish(server, key, releaseOf(bytes), bytes);
    const updates = updatesWith();
    await Promise.all([updates.check(), updates.check(), updates.check()]);
    expect(server.asked).toEqual(["/ward/lamplight.json", `/ward/${fileName}`]);
  });

  test("a file that was changed since on the disk is downloaded again, halves and older packages go", async () => {
    const bytes = packageBytes();
    await publish(server, key, releaseOf(bytes), bytes);
    mkdirSync(join(home, "updates"), { mode: 0o700 });
    writeFileSync(join(home, "updates", fileName), packageBytes(bytes.length));
    writeFileSync(join(home, "updates", "lamplight_0.1.0_amd64.deb"), "old");
    writeFileSync(join(home, "updates", `${fileName}.1.part`), "half");
    expect((await updatesWith().check()).state).toBe("ready");
    expect(kept()).toEqual([fileName, "state.json"]);
    expect(sha512(readFileSync(join(home, "updates", fileName)))).toBe(sha512(bytes));
  });

  test("is found by itself after a while, again and again, until stopped", async () => {
    const bytes = packageBytes(1000);
    await publish(server, key, releaseOf(bytes), bytes);
    const updates = updatesWith({ rhythm: { first: 10, every: 10, jitter: 5 } });
    updates.start();
    const looks = () => server.asked.filter((url) => url.endsWith(".json")).length;
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(2), { timeout: 20_000 });
    updates.stop();
    // One that had begun may still come to its end.
    const last = looks() + 1;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(looks()).toBeLessThanOrEqual(last);
  });

  test("that is installed already says so, and no later look takes it from the screen", async () => {
    const bytes = packageBytes(1000);
    await publish(server, key, releaseOf(bytes), bytes);
    const updates = updatesWith();
    updates.installed("0.3.0");
    expect(updates.view()).toMatchObject({ state: "installed", offered: "0.3.0" });
    expect((await updates.check()).message).toBe("Version 0.3.0 has been installed. It starts when you sign out.");
  });

  test("after a restart the time of the last look is known", async () => {
    const bytes = packageBytes(1000);
    await publish(server, key, releaseOf(bytes), bytes);
    await updatesWith().check();
    const again = updatesWith();
    await again.remember();
    expect(again.view()).toMatchObject({ state: "idle", checkedAt: now.toISOString() });
  });
});

test("the same version is the newest one", async () => {
  const bytes = packageBytes(1000);
  await publish(server, key, releaseOf(bytes, { version: "0.2.0" }), bytes);
  expect(await updatesWith().check()).toMatchObject({ state: "current", message: "0.2.0 is the newest version." });
  expect(server.asked).toEqual(["/ward/lamplight.json"]);
  expect(leftovers()).toEqual([]);
});

describe("is refused, and nothing is kept:", () => {
  const header = { alg: "EdDSA", typ: "lamplight-update+jwt", kid: keyId(key.publicKey) };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const bytes = packageBytes(5000);
  const release = releaseOf(bytes);
  const notOurs = "not signed by the hospital's key";

  /** The whole attack: what stands in the feed's file. */
  const forged: Record<string, () => Promise<string> | string> = {
    "plain JSON": () => JSON.stringify(release),
    "an empty file": () => "",
    "without a signature": () => `${encode(header)}.${encode(release)}.`,
    "alg none": () => `${encode({ ...header, alg: "none" })}.${encode(release)}.`,
    "HS256 with the public key as the secret": () => {
      const signed = `${encode({ ...header, alg: "HS256" })}.${encode(release)}`;
      return `${signed}.${createHmac("sha256", key.publicKey).update(signed).digest("base64url")}`;
    },
    "another key": () => signRelease(release, ed25519Pair().privateKey),
    "another key under our key's id": async () =>
      new CompactSign(Buffer.from(JSON.stringify(release)))
        .setProtectedHeader(header)
        .sign(await importPKCS8(ed25519Pair().privateKey, "EdDSA")),
    "our key for another purpose": async () =>
      new CompactSign(Buffer.from(JSON.stringify(release)))
        .setProtectedHeader({ ...header, typ: "JWT" })
        .sign(await importPKCS8(key.privateKey, "EdDSA")),
    "our key under another id": async () =>
      new CompactSign(Buffer.from(JSON.stringify(release)))
        .setProtectedHeader({ ...header, kid: "old" })
        .sign(await importPKCS8(key.privateKey, "EdDSA")),
    "another content under our signature": async () => {
      const [head, , signature] = (await signRelease(release, key.privateKey)).split(".");
      return `${head}.${encode({ ...release, version: "0.4.0" })}.${signature}`;
    },
  };
  test.each(Object.entries(forged))("%s", async (_, feed) => {
    server.put("lamplight.json", await feed());
    server.put(fileName, bytes);
    expect(await updatesWith().check()).toMatchObject({ state: "refused", message: expect.stringContaining(notOurs) });
    expect(server.asked).toEqual(["/ward/lamplight.json"]);
    expect(leftovers()).toEqual([]);
  });

  const signedBadly: Record<string, [change: Partial<Release>, words: string]> = {
    "a feed that has expired": [{ expires: "2030-01-10T11:59:59Z" }, "has expired"],
    "a release of the future": [{ released: "2030-02-01" }, "Check this workstation's clock"],
    "an older version": [{ version: "0.1.0" }, "The feed offers 0.1.0, this is 0.2.0: nothing is installed."],
    "an older pre-release": [{ version: "0.2.0-beta.1" }, "The feed offers 0.2.0-beta.1, this is 0.2.0"],
    "another channel": [{ channel: "test" }, "channel test"],
    "no file for this machine": [{ files: releaseOf(bytes, {}, { arch: "arm64" }).files }, "no deb for linux x64"],
  };
  test.each(Object.entries(signedBadly))("%s", async (_, [change, words]) => {
    await publish(server, key, releaseOf(bytes, change), bytes);
    expect(await updatesWith().check()).toMatchObject({ state: "refused", message: expect.stringContaining(words) });
    expect(server.asked).toEqual(["/ward/lamplight.json"]);
    expect(leftovers()).toEqual([]);
  });

  test("a version below the newest that was ever offered, also after a restart", async () => {
    await publish(server, key, releaseOf(bytes, { version: "0.5.0" }), bytes);
    expect((await updatesWith().check()).state).toBe("ready");
    for (const version of ["0.4.0", "0.2.0"]) {
      await publish(server, key, releaseOf(bytes, { version }), bytes);
      expect(await updatesWith().check()).toMatchObject({
        state: "refused",
        message: expect.stringContaining("has offered 0.5.0 before"),
      });
    }
  });

  test("a version whose download never came, and then an older feed", async () => {
    await publish(server, key, releaseOf(bytes, { version: "0.5.0" }), bytes);
    server.put(fileName, packageBytes(bytes.length));
    expect((await updatesWith().check()).state).toBe("refused");
    await publish(server, key, releaseOf(bytes, { version: "0.4.0" }), bytes);
    expect((await updatesWith().check()).message).toContain("has offered 0.5.0 before");
  });

  test("a schema that the central database does not have yet", async () => {
    await publish(server, key, release, bytes);
    const schema = async () => "0011_grants.sql";
    expect(await updatesWith({ schema }).check()).toMatchObject({
      state: "refused",
      message: expect.stringContaining("IT migrates the database first"),
    });
    expect((await updatesWith({ schema: async () => "0012_compatibility.sql" }).check()).state).toBe("ready");
  });

  test.each([
    "../lamplight_0.3.0_amd64.deb",
    "..",
    "/etc/passwd",
    "a/b.deb",
    "a\\b.deb",
    "https://elsewhere.example/a.deb",
    "//elsewhere.example/a.deb",
    ".hidden.deb",
    "%2e%2e%2fa.deb",
    "a.deb?x",
    "a\u0000.deb",
    "",
  ])("a file named %j, though the hospital's key signed it", async (file) => {
    const climbing = { ...release, files: [{ ...release.files[0], file }] };
    server.put(
      "lamplight.json",
      await new CompactSign(Buffer.from(JSON.stringify(climbing)))
        .setProtectedHeader(header)
        .sign(await importPKCS8(key.privateKey, "EdDSA")),
    );
    expect((await updatesWith().check()).state).toBe("refused");
    expect(server.asked).toEqual(["/ward/lamplight.json"]);
    expect(leftovers()).toEqual([]);
  });

  test("a package that is announced larger than two gigabytes", async () => {
    const huge = { ...release, files: [{ ...release.files[0], size: 2_000_000_001 }] };
    server.put(
      "lamplight.json",
      await new CompactSign(Buffer.from(JSON.stringify(huge)))
        .setProtectedHeader(header)
        .sign(await importPKCS8(key.privateKey, "EdDSA")),
    );
    expect((await updatesWith().check()).state).toBe("refused");
  });

  test("another package of the same size", async () => {
    await publish(server, key, release, packageBytes(bytes.length));
    expect(await updatesWith().check()).toMatchObject({
      state: "refused",
      message: expect.stringContaining("not the one that the feed signed"),
    });
    expect(leftovers()).toEqual([]);
  });

  test("one flipped bit", async () => {
    const flipped = Buffer.from(bytes);
    flipped[2500] = (flipped[2500] ?? 0) ^ 1;
    await publish(server, key, release, flipped);
    expect((await updatesWith().check()).state).toBe("refused");
    expect(leftovers()).toEqual([]);
  });

  test("a package that says that it is longer", async () => {
    await publish(server, key, release, Buffer.concat([bytes, Buffer.from("x")]));
    expect(await updatesWith().check()).toMatchObject({
      state: "refused",
      message: expect.stringContaining("more than"),
    });
    expect(leftovers()).toEqual([]);
  });

  test("a package that does not say how long it is and never ends", async () => {
    server.put("lamplight.json", await signRelease(release, key.privateKey));
    let sent = 0;
    server.put(fileName, (_, response) => {
      const more = () => {
        sent += 1000;
        if (!response.destroyed && sent < 50_000_000) response.write(randomBytes(1000), () => setImmediate(more));
      };
      more();
    });
    expect((await updatesWith().check()).state).toBe("refused");
    expect(sent).toBeLessThan(5_000_000);
    expect(leftovers()).toEqual([]);
  });

  test("a feed's file that never ends", async () => {
    server.put("lamplight.json", (_, response) => {
      const more = () => {
        if (!response.destroyed) response.write("a".repeat(10_000), () => setImmediate(more));
      };
      more();
    });
    expect((await updatesWith().check()).state).toBe("refused");
  });

  test.each(["lamplight.json", fileName])("a redirect of %s, whoever is at the other end", async (name) => {
    const elsewhere = await startFeedServer();
    await publish(server, key, release, bytes);
    await publish(elsewhere, key, release, bytes);
    for (const to of [`${elsewhere.origin}/ward/${name}`, `/other/${name}`]) {
      server.put(name, (_, response) => response.writeHead(302, { location: to }).end());
      expect(await updatesWith().check()).toMatchObject({
        state: "refused",
        message: expect.stringContaining("another address"),
      });
    }
    expect(elsewhere.connections).toBe(0);
    expect(server.asked.filter((url) => url.startsWith("/other"))).toEqual([]);
    expect(leftovers()).toEqual([]);
    await elsewhere.stop();
  });
});

describe("has failed and is tried again:", () => {
  const bytes = packageBytes(5000);
  const release = releaseOf(bytes);
  const failed = { state: "failed", message: expect.stringContaining("next look") as string };

  test("no feed there", async () => {
    expect(await updatesWith().check()).toMatchObject({ state: "failed", message: expect.stringContaining("404") });
  });

  test("nobody listens", async () => {
    const { feed } = server;
    await server.stop();
    expect(await updatesWith({ config: { feed, publicKey: key.publicKey, channel: "stable" } }).check()).toMatchObject(
      failed,
    );
  });

  test("a server that takes the question and says nothing", async () => {
    server.put("lamplight.json", () => undefined);
    // By its own limit: those of the whole file and of the package are far away.
    expect(await updatesWith({ limits: { ...limits, silence: 400 } }).check()).toMatchObject({
      state: "failed",
      message: expect.stringContaining("in time"),
    });
  });

  test("a server that sends a byte now and then", async () => {
    let timer: NodeJS.Timeout | undefined;
    server.put("lamplight.json", (_, response) => {
      timer = setInterval(() => response.write(" "), 100);
    });
    expect((await updatesWith({ limits: { ...limits, feed: 1500 } }).check()).state).toBe("failed");
    clearInterval(timer);
  });

  test.each(["lamplight.json", fileName])("a server that falls silent in the middle of %s", async (name) => {
    await publish(server, key, release, bytes);
    server.put(
      name,
      (_, response) => void response.writeHead(200, { "content-length": 4000 }).write(bytes.subarray(0, 100)),
    );
    expect((await updatesWith({ limits: { ...limits, silence: 400 } }).check()).state).toBe("failed");
    expect(leftovers()).toEqual([]);
  });

  test("a download that breaks off, and the next one succeeds", async () => {
    await publish(server, key, release, bytes);
    server.put(fileName, (_, response) => {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 2000), () => response.destroy());
    });
    const updates = updatesWith();
    expect(await updates.check()).toMatchObject(failed);
    expect(leftovers()).toEqual([]);
    server.put(fileName, bytes);
    expect((await updates.check()).state).toBe("ready");
  });

  test("a truncated package that claims to be whole", async () => {
    await publish(server, key, release, bytes.subarray(0, 4999));
    expect((await updatesWith().check()).state).toBe("failed");
    expect(leftovers()).toEqual([]);
  });

  test("a server with a certificate that nobody here trusts", async () => {
    const { private: privateKey, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }]);
    const secure = await startFeedServer({ key: privateKey, cert });
    await publish(secure, key, release, bytes);
    const config = { feed: secure.feed, publicKey: key.publicKey, channel: "stable" };
    expect(await updatesWith({ config }).check()).toMatchObject({
      state: "failed",
      message: expect.stringContaining("certificate"),
    });
    expect(secure.asked).toEqual([]);
    await secure.stop();
  });
});
