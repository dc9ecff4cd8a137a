import { expect, test } from "vitest";
import { BadEnvironment, readConfig, staysOnThisMachine } from "../../electron/config";

const refusal = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof BadEnvironment) return error.message;
    throw error;
  }
  return "";
};

test("nothing set is an embedded database, the offline assistant and a lock after 15 minutes", () => {
  expect(readConfig({})).toEqual({
    home: undefined,
    central: undefined,
    loadDemo: false,
    idleSeconds: 900,
    openai: undefined,
  });
});

test.each(["2", "901", "-3", "1e2", "10.5", "ten", " 10"])("LAMPLIGHT_IDLE_SECONDS=%s is refused", (value) => {
  expect(refusal({ LAMPLIGHT_IDLE_SECONDS: value })).toContain("LAMPLIGHT_IDLE_SECONDS");
});

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["/run/postgresql", true],
  ["127.example.org", false],
  ["127.0.0.1.example.org", false],
  ["localhost.example.org", false],
  ["10.0.0.1", false],
])("%s stays on this machine: %s", (host, expected) => {
  expect(staysOnThisMachine(host)).toBe(expected);
});

test("a database on another machine proves itself by its certificate, whatever is asked for", () => {
  const url = "postgresql://lamplight_app:secret@db.hospital.example/lamplight";
  expect(readConfig({ DATABASE_URL: url }).central?.ssl).toEqual({ rejectUnauthorized: true });
  expect(refusal({ DATABASE_URL: `${url}?sslmode=require` })).toMatch(/DATABASE_URL.*verify-full/u);
  expect(refusal({ DATABASE_URL: url, PGSSLMODE: "disable" })).toMatch(/PGSSLMODE.*verify-full/u);
  expect(refusal({ PGHOST: "db.hospital.example", PGSSLMODE: "bogus" })).toMatch(/PGSSLMODE must be one of/u);
  expect(refusal({ DATABASE_URL: url.replace("db.hospital", "127.hospital"), PGSSLMODE: "disable" })).not.toBe("");
});

test("PGSSLMODE counts for a DATABASE_URL without an sslmode of its own", () => {
  const url = "postgresql://lamplight_app:secret@127.0.0.1/lamplight";
  expect(readConfig({ DATABASE_URL: url, PGSSLMODE: "verify-full" }).central?.ssl).toBeDefined();
  expect(readConfig({ DATABASE_URL: `${url}?sslmode=disable`, PGSSLMODE: "verify-full" }).central?.ssl).toBeUndefined();
});

test("no refusal repeats a secret", () => {
  for (const environment of [
    { DATABASE_URL: "postgresql://user:sec%zzret@localhost/lamplight" },
    { DATABASE_URL: "mysql://user:secret@localhost/lamplight" },
    { DATABASE_URL: "postgresql://user:secret@localhost" },
    { OPENAI_BASE_URL: "https://user:secret@models.example/v1" },
    { OPENAI_BASE_URL: "http://127.0.0.1.example/v1?key=secret" },
  ]) {
    const words = refusal(environment);
    expect(words).toContain(Object.keys(environment)[0]);
    expect(words).not.toMatch(/secret|sec%zz/u);
    expect(words).not.toContain("\n");
  }
});
