import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BadEnvironment, parseDatabaseUrl, readConfig } from "../../../electron/config";

let folder: string;
let authority: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-ca-"));
  authority = join(folder, "ca.pem");
  writeFileSync(authority, "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n");
  writeFileSync(join(folder, "empty.pem"), "nothing");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const parse = (text: string) => parseDatabaseUrl("DATABASE_URL", text);
const one = { user: "u", password: "p", database: "d" };
const proven = { ssl: { rejectUnauthorized: true } };

test.each([
  ["postgresql://u:p@db1,db2/d", { host: "db1", port: 5432, alternatives: [{ host: "db2", port: 5432 }] }],
  [
    "postgresql://u:p@db1:6432,db2:6433,[fd00::3]:6434/d",
    {
      host: "db1",
      port: 6432,
      alternatives: [
        { host: "db2", port: 6433 },
        { host: "fd00::3", port: 6434 },
      ],
    },
  ],
  [
    "postgresql://u:p@/d?host=db1,db2&port=6432",
    { host: "db1", port: 6432, alternatives: [{ host: "db2", port: 6432 }] },
  ],
  ["postgresql://u:p@db1/d", { host: "db1", port: 5432 }],
  ["postgresql://u:p@%64b1:1/d", { host: "db1", port: 1 }],
])("%s", (text, expected) => {
  expect(parse(text)).toEqual({ ...one, ...proven, ...expected });
});

test("a list of this machine's own addresses needs no certificate, one stranger among them is enough to need it", () => {
  expect(parse("postgresql://u:p@localhost:1,127.0.0.1:2/d").ssl).toBeUndefined();
  expect(parse("postgresql://u:p@localhost:1,db2:2/d").ssl).toEqual({ rejectUnauthorized: true });
  expect(() => parse("postgresql://u:p@localhost:1,db2:2/d?sslmode=disable")).toThrow(/verify-full/u);
});

test("a certificate authority of the hospital comes from the URL or from PGSSLROOTCERT", () => {
  const pem = expect.stringContaining("BEGIN CERTIFICATE");
  const wanted = { rejectUnauthorized: true, ca: pem };
  expect(parse(`postgresql://u:p@db1/d?sslrootcert=${authority}`).ssl).toEqual(wanted);
  expect(parse("postgresql://u:p@db1/d?sslrootcert=system").ssl).toEqual({ rejectUnauthorized: true });
  const environment = { DATABASE_URL: "postgresql://u:p@db1/d", PGSSLROOTCERT: authority };
  expect(readConfig(environment).central?.ssl).toEqual(wanted);
  expect(readConfig({ PGHOST: "db1", PGSSLROOTCERT: authority }).central?.ssl).toEqual(wanted);
});

test("several hosts in PGHOST have one port, or one each", () => {
  const hosts = (PGPORT: string | undefined) => {
    const central = readConfig({ PGHOST: "db1,db2", PGPORT }).central;
    return [central?.port, ...(central?.alternatives ?? []).map(({ host, port }) => `${host} ${port}`)];
  };
  expect(hosts(undefined)).toEqual([5432, "db2 5432"]);
  expect(hosts("6432")).toEqual([6432, "db2 6432"]);
  expect(hosts("6432,6433")).toEqual([6432, "db2 6433"]);
});

test.each([
  [
    "a file that is not there",
    () => ({ DATABASE_URL: "postgresql://u:hush@db1/d?sslrootcert=/nowhere/ca.pem" }),
    /\/nowhere\/ca\.pem, which cannot be read/u,
  ],
  [
    "a file that is no certificate",
    () => ({ PGHOST: "db1", PGSSLROOTCERT: join(folder, "empty.pem") }),
    /PGSSLROOTCERT names .*empty\.pem, which holds no certificate/u,
  ],
  ["more ports than hosts", () => ({ PGHOST: "db1,db2", PGPORT: "1,2,3" }), /PGPORT/u],
  ["an empty host in a list", () => ({ DATABASE_URL: "postgresql://u:hush@db1,,db3/d" }), /names no host/u],
  ["an empty host in PGHOST", () => ({ PGHOST: "db1,", PGPASSWORD: "hush" }), /PGHOST names no host/u],
  [
    "a port that is none in a list",
    () => ({ DATABASE_URL: "postgresql://u:hush@db1:5432,db2:99999/d" }),
    /port that is not one/u,
  ],
])("%s is told by its name and without a secret", (_, environment, words) => {
  let message = "";
  try {
    readConfig(environment());
  } catch (error) {
    expect(error).toBeInstanceOf(BadEnvironment);
    message = (error as Error).message;
  }
  expect(message).toMatch(words);
  expect(message).not.toContain("hush");
});

test("a URL without a password takes the one that the environment gives beside it, and only then", () => {
  const passwordOf = (url: string) => readConfig({ DATABASE_URL: url, PGPASSWORD: "beside" }).central?.password;
  expect(passwordOf("postgresql://lamplight_app@db.example.org/ward")).toBe("beside");
  expect(passwordOf("postgresql://lamplight_app:within@db.example.org/ward")).toBe("within");
});
