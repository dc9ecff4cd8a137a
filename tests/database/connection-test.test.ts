import { execFileSync, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectSecurely } from "node:tls";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ConnectionSettings } from "../../electron/database/connection-settings";
import { testConnection } from "../../electron/database/connection-test";
import { whyNotHere } from "../../scripts/lib/test-servers.mjs";
import { handOver, serverFolder } from "../support/central/account";
import { createAuthority } from "../support/central/certificates";
import { freePort } from "../support/central/free-port";
import { type HospitalServer, itLogin, startHospitalServer } from "../support/central/hospital-server";
import { startPostgres } from "../support/central/postgres";

const order = ["address", "reach", "certificate", "login", "schema"] as const;
type Step = (typeof order)[number];
type Connection = Parameters<typeof testConnection>[0];

const secret = "never-t0-be-said";
/** PostgreSQL's SSLRequest: its own length and a number that is no version of the protocol. */
const askForTls = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const nowhere: Connection = {
  host: "127.0.0.1",
  port: 1,
  user: "lamplight_app",
  password: secret,
  database: "lamplight",
  ssl: undefined,
};

async function look(central: Connection, version = "0001") {
  const { steps } = await testConnection(central, { version });
  expect(steps.map(({ step }) => step)).toEqual(order);
  const failure = steps.findIndex(({ state }) => state === "failed");
  // After a failure nothing is claimed, before it nothing is left out.
  for (const [index, { state }] of steps.entries())
    if (failure < 0 || index < failure) expect(state).toBe("passed");
    else if (index > failure) expect(state).toBe("not-checked");
  for (const { message } of steps) {
    expect(message).not.toContain(central.password || secret);
    expect(message).not.toMatch(/\n|SASL|FATAL|ECONN|undefined|\[object/u);
  }
  const say = (step: Step) => steps.find((one) => one.step === step)?.message ?? "";
  return { failed: failure < 0 ? undefined : order[failure], say };
}
async function expectFailure(central: Connection, step: Step, says: RegExp | string, version?: string) {
  const { failed, say } = await look(central, version);
  expect([failed, say(failed ?? step)]).toEqual([step, expect.stringMatching(says)]);
}

describe("what answers, or does not", () => {
  const open: { close(): unknown }[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });
  async function listening(onSocket: (socket: Socket) => void): Promise<number> {
    const server: Server = createServer((socket) => {
      socket.on("error", () => undefined);
      onSocket(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push(server);
    return (server.address() as { port: number }).port;
  }

  test("a name that nobody knows", async () => {
    await expectFailure({ ...nowhere, host: "no-such-host.invalid" }, "address", /not known|No name server says/u);
  });

  test("a port that refuses", async () => {
    await expectFailure({ ...nowhere, port: await freePort() }, "reach", /127\.0\.0\.1:\d+ refuses the connection/u);
  });

  test("a folder without a socket", async () => {
    await expectFailure(
      { ...nowhere, host: "/nowhere" },
      "reach",
      "There is no database behind the socket in /nowhere",
    );
  });

  test("a machine that swallows connections", async () => {
    // A full queue that nobody empties: the kernel drops what comes, as a firewall would.
    const program = `const s = require("node:net").createServer();
      s.listen(0, "127.0.0.1", 1, () => { require("node:fs").writeSync(1, String(s.address().port)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); });`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    const [port] = await once(child.stdout, "data");
    const filling = Array.from({ length: 8 }, () => connect(Number(String(port)), "127.0.0.1"));
    for (const socket of filling) socket.on("error", () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    try {
      await expectFailure({ ...nowhere, port: Number(String(port)) }, "reach", /does not answer within 5 seconds/u);
    } finally {
      for (const socket of filling) socket.destroy();
      child.kill("SIGKILL");
    }
  });

  test.each<[string, (socket: Socket) => void]>([
    ["a web server", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["a server that hangs up", (socket) => socket.destroy()],
    ["a server that says nothing", (socket) => socket.resume()],
    ["bytes before the encrypted ones", (socket) => socket.write("SE")],
  ])("%s is no PostgreSQL", async (_, answer) => {
    const port = await listening(answer);
    await expectFailure({ ...nowhere, port }, "reach", /answers, but not like PostgreSQL/u);
  });

  test("a server that agrees to TLS and cannot", async () => {
    const port = await listening((socket) =>
      socket.once("data", () => {
        socket.write("S");
        socket.once("data", () => socket.end("nonsense"));
      }),
    );
    const central = { ...nowhere, port, ssl: { rejectUnauthorized: true as const } };
    await expectFailure(central, "certificate", /breaks off when TLS begins/u);
  });

  test("a server that hangs up at the login", async () => {
    // Eight bytes ask for TLS, more are the login.
    const port = await listening((socket) =>
      socket.on("data", (bytes) => (bytes.length === 8 ? socket.write("N") : socket.destroy())),
    );
    await expectFailure({ ...nowhere, port }, "login", /breaks off or does not answer when lamplight_app signs in/u);
  });
});

const missing = whyNotHere();
describe.skipIf(missing !== null)(`a hospital's own server${missing ? ` (${missing})` : ""}`, () => {
  let server: HospitalServer;
  let folder: string;
  let good: Connection;
  let version: string;
  beforeAll(async () => {
    server = await startHospitalServer();
    folder = serverFolder("certificates");
    const workstation: ConnectionSettings = server.workstation(server.postgres.port);
    good = { ...nowhere, ...workstation, ssl: workstation.ssl, alternatives: [] };
    const [state] = (await server.asSuperuser((query) => query("SELECT max(name) AS version FROM migrations.applied")))
      .rows;
    version = String(state?.["version"]);
  });
  afterAll(() => server?.dispose());
  const sql = (text: string, database?: string) => server.asSuperuser((query) => query(text), database);

  /** Gives the server another certificate, as IT would: files, then reload. */
  async function present(certificate: string, key: string): Promise<void> {
    const at = (name: string) => join(server.postgres.data, name);
    writeFileSync(at("server.crt"), certificate);
    writeFileSync(at("server.key"), key, { mode: 0o600 });
    handOver(at("server.crt"), at("server.key"));
    await sql("SELECT pg_reload_conf()");
    await expect.poll(presented).toBe(new X509Certificate(certificate).fingerprint256);
  }
  /** The fingerprint of the certificate that the server shows whoever comes now. */
  async function presented(): Promise<string> {
    const plain = connect(server.postgres.port, "127.0.0.1");
    plain.on("error", () => undefined);
    plain.write(askForTls);
    await once(plain, "data");
    const secure = connectSecurely({ socket: plain, rejectUnauthorized: false });
    await once(secure, "secureConnect");
    const { fingerprint256 } = secure.getPeerCertificate();
    secure.destroy();
    return fingerprint256;
  }
  const presentFiles = (files: { certificate: string; key: string }) =>
    present(readFileSync(files.certificate, "utf8"), readFileSync(files.key, "utf8"));

  test("where all is right every step says what it found", async () => {
    const { failed, say } = await look(good, version);
    expect(failed).toBeUndefined();
    expect(say("address")).toMatch(/^localhost is /u);
    expect(say("reach")).toMatch(/^localhost:\d+ answers like PostgreSQL\.$/u);
    expect(say("certificate")).toMatch(
      /^The certificate is for server, issued by Test authority ca, valid until \d{4}-\d\d-\d\d\.$/u,
    );
    expect(say("login")).toBe("lamplight_app is let in to lamplight.");
    expect(say("schema")).toBe(`The schema is ${version.slice(0, 4)}, as this version needs it.`);
  });

  test("an address instead of a name, where the certificate names it", async () => {
    expect((await look({ ...good, host: "127.0.0.1" }, version)).failed).toBeUndefined();
  });

  test("PgBouncer in transaction mode is as good", async () => {
    const bouncer = await server.bouncer();
    try {
      expect((await look({ ...good, port: bouncer.port }, version)).failed).toBeUndefined();
      await expectFailure(
        { ...good, port: bouncer.port, password: secret },
        "login",
        /password is wrong|refused the login/u,
      );
    } finally {
      await bouncer.stop();
    }
  });

  test("a stranger's certificate, with and without an authority of the hospital's own", async () => {
    const trusting = (ca?: string): Connection => ({
      ...good,
      ssl: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    });
    await expectFailure(
      trusting(),
      "certificate",
      /issued by Test authority ca.*This machine does not know that issuer/u,
    );
    const other = (await createAuthority(folder, "other")).pem;
    await expectFailure(trusting(other), "certificate", /The authority that was given here did not issue it/u);
  });

  test("another name, an expired certificate, one of tomorrow, one that vouches for itself", async () => {
    const one = { algorithm: "sha256", keySize: 2048 } as const;
    try {
      await presentFiles(await server.authority.certify("elsewhere", ["db.hospital.example"]));
      await expectFailure(good, "certificate", /It does not name localhost, only db\.hospital\.example\./u);
      await expectFailure({ ...good, host: "127.0.0.1" }, "certificate", /It does not name 127\.0\.0\.1/u);

      await presentFiles(await server.authority.certify("late", ["localhost"], -1));
      await expectFailure(good, "certificate", /valid until \d{4}-\d\d-\d\d: it has expired/u);

      const day = 86_400_000;
      const tomorrow = await generate([{ name: "commonName", value: "localhost" }], {
        ...one,
        notBeforeDate: new Date(Date.now() + day),
      });
      await present(tomorrow.cert, tomorrow.private);
      const early: Connection = { ...good, ssl: { rejectUnauthorized: true, ca: tomorrow.cert } };
      await expectFailure(early, "certificate", /it is valid only from \d{4}-\d\d-\d\d on/u);

      const own = await generate([{ name: "commonName", value: "localhost" }], one);
      await present(own.cert, own.private);
      await expectFailure(good, "certificate", /vouches for itself: it is not the authority/u);
      const believed: Connection = { ...good, ssl: { rejectUnauthorized: true, ca: own.cert } };
      expect((await look(believed, version)).failed).toBeUndefined();
    } finally {
      await presentFiles(server.certificate);
    }
  });

  test("a server without TLS", async () => {
    const plain = await startPostgres();
    try {
      await expectFailure({ ...good, port: plain.port }, "certificate", /does not offer TLS/u);
      // On this machine itself nobody is asked for a certificate.
      const near = await look({ ...good, port: plain.port, ssl: undefined }, version);
      expect(near.say("certificate")).toBe("The connection stays on this machine: no certificate is needed.");
      expect(near.failed).toBe("login");
      const socket = await look({ ...good, host: plain.folder, port: plain.port }, version);
      expect(socket.say("address")).toBe(`${plain.folder} is a folder of this machine.`);
      expect(socket.say("certificate")).toContain("stays on this machine");
    } finally {
      await plain.dispose();
    }
  });

  test("a login that the server does not let in", async () => {
    await expectFailure(
      { ...good, password: secret },
      "login",
      "The password is wrong, or there is no login lamplight_app.",
    );
    await expectFailure({ ...good, password: "" }, "login", /^The server wants a password: none was typed/u);
    await expectFailure({ ...good, user: "nobody_known" }, "login", /no login nobody_known/u);
    await expectFailure({ ...good, database: "no_such" }, "login", "There is no database no_such on this server.");
    await expectFailure({ ...good, ssl: undefined }, "login", /does not let lamplight_app in .* pg_hba\.conf/u);
    await sql("CREATE DATABASE closed; ", "postgres");
    await sql("REVOKE CONNECT ON DATABASE closed FROM PUBLIC", "postgres");
    await expectFailure({ ...good, database: "closed" }, "login", /may not connect to closed\. IT grants it CONNECT/u);
    await sql("ALTER ROLE lamplight_app CONNECTION LIMIT 0");
    await expectFailure(good, "login", /no connection left/u);
    await sql("ALTER ROLE lamplight_app CONNECTION LIMIT -1");
  });

  test("a database that is no hospital of this version", async () => {
    await sql("CREATE DATABASE empty", "postgres");
    await expectFailure({ ...good, database: "empty" }, "schema", /holds no Lamplight hospital/u, version);
    await expectFailure(good, "schema", /older than this version of Lamplight: .* needs 9999/u, "9999");
    await expectFailure(
      good,
      "schema",
      /newer than this version of Lamplight: it needs \d{4} or later.* 0001/u,
      "0001",
    );
    const [row] = (await sql("SELECT oldest_app FROM api.schema_state()")).rows;
    const oldest = String(row?.["oldest_app"]);
    const { failed, say } = await look(good, oldest);
    expect(failed).toBeUndefined();
    expect(say("schema")).toMatch(oldest === version.slice(0, 4) ? /as this version needs it/u : /still serves it/u);

    // As the first releases left it: it names its schema and works with that alone.
    await sql(`CREATE DATABASE former TEMPLATE ${good.database}`, "postgres");
    await sql("DROP FUNCTION api.schema_state()", "former");
    expect((await look({ ...good, database: "former" }, version)).failed).toBeUndefined();
    await expectFailure({ ...good, database: "former" }, "schema", /newer than this version/u, "0011");
  });

  test("an owner, a superuser, and a database that takes no writes", async () => {
    await expectFailure({ ...good, ...itLogin }, "schema", /owner or superuser/u, version);
    const { host, port, user } = server.postgres.superuser;
    const superuser: Connection = { ...good, host, port, user, password: "", ssl: undefined };
    await expectFailure(superuser, "schema", /owner or superuser/u, version);
    await sql("ALTER ROLE lamplight_app SET default_transaction_read_only = on");
    await expectFailure(good, "schema", /read-only: nobody can sign in/u, version);
    await sql("ALTER ROLE lamplight_app RESET default_transaction_read_only");
  });

  test("of several servers the first that takes writes decides; one bad certificate is one too many", async () => {
    await server.postgres.end("SIGINT");
    const standby = await startPostgres({
      tls: server.certificate,
      make: (data) => {
        execFileSync("cp", ["-a", server.postgres.data, data]);
        writeFileSync(join(data, "standby.signal"), "");
        handOver(join(data, "standby.signal"));
      },
    });
    try {
      await server.postgres.start();
      const first = { ...good, port: standby.port };
      await expectFailure(first, "schema", /^This server is a standby/u, version);
      const primary = { host: good.host, port: good.port };
      expect((await look({ ...first, alternatives: [primary] }, version)).failed).toBeUndefined();
      const gone = { host: "127.0.0.1", port: await freePort() };
      const { failed, say } = await look({ ...good, alternatives: [gone] }, version);
      expect(failed).toBeUndefined();
      expect(say("reach")).toMatch(/answers like PostgreSQL\. 127\.0\.0\.1:\d+ refuses the connection/u);
      await expectFailure({ ...good, ...gone, alternatives: [gone] }, "reach", /refuses/u);
      await presentFiles(await server.authority.certify("bad", ["db.hospital.example"]));
      await expectFailure({ ...first, alternatives: [primary] }, "certificate", /does not name localhost/u, version);
    } finally {
      await standby.dispose();
      await presentFiles(server.certificate);
    }
  });
});
