import { describe, expect, test } from "vitest";
import { BadEnvironment, parseDatabaseUrl, readConfig, staysOnThisMachine } from "../../../electron/config";

const secret = "s3cr3t-Passw0rd";
const far = `postgresql://lamplight_app:${secret}@db.example.org:6432/ward`;

function complaint(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof BadEnvironment) return error.message;
    throw error;
  }
  return "";
}

test("an empty environment means: embedded database, offline assistant, fifteen minutes, no demo unasked", () => {
  const nothing = { home: undefined, central: undefined, loadDemo: false, idleSeconds: 900, openai: undefined };
  expect(readConfig({})).toMatchObject(nothing);
  const empty = [
    "LAMPLIGHT_HOME",
    "DATABASE_URL",
    "PGHOST",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "LAMPLIGHT_DEMO",
    "LAMPLIGHT_IDLE_SECONDS",
    "LAMPLIGHT_BADGE_PREFIX",
  ];
  expect(readConfig(Object.fromEntries(empty.map((name) => [name, ""])))).toMatchObject(nothing);
});

test("a central database is read from its URL, with a certificate demanded", () => {
  expect(readConfig({ DATABASE_URL: far }).central).toEqual({
    host: "db.example.org",
    port: 6432,
    user: "lamplight_app",
    password: secret,
    database: "ward",
    ssl: { rejectUnauthorized: true },
  });
  const socket = readConfig({ DATABASE_URL: "postgresql://a:p%40ss@/ward?host=%2Frun%2Fpg&port=5433" }).central;
  expect(socket).toMatchObject({ host: "/run/pg", port: 5433, password: "p@ss", ssl: undefined });
  expect(readConfig({ DATABASE_URL: "postgresql://a:b@[::1]/ward" }).central).toMatchObject({
    host: "::1",
    ssl: undefined,
  });
});

test("or from the variables of libpq", () => {
  expect(
    readConfig({ PGHOST: "db.example.org", PGPASSWORD: secret, PGDATABASE: "ward", PGUSER: "me" }).central,
  ).toMatchObject({
    host: "db.example.org",
    port: 5432,
    user: "me",
    password: secret,
    database: "ward",
    ssl: { rejectUnauthorized: true },
  });
  expect(readConfig({ PGHOST: "localhost" }).central).toMatchObject({
    user: "lamplight_app",
    database: "lamplight",
    ssl: undefined,
  });
});

const bad: Readonly<Record<string, readonly Record<string, string>[]>> = {
  LAMPLIGHT_IDLE_SECONDS: ["2", "901", "0", "-5", "3.5", "1e2", "ten", " 60"].map((value) => ({
    LAMPLIGHT_IDLE_SECONDS: value,
  })),
  LAMPLIGHT_BADGE_PREFIX: [" ", "; ", "ä", "123456789", "\n"].map((value) => ({ LAMPLIGHT_BADGE_PREFIX: value })),
  LAMPLIGHT_DEMO: ["yes", "true", "2"].map((value) => ({ LAMPLIGHT_DEMO: value })),
  DATABASE_URL: [
    "not a url",
    `mysql://u:${secret}@h/d`,
    `postgresql://u:${secret}@/d`,
    `postgresql://u:${secret}@h`,
    `postgresql://u:${secret}@h:99999/d`,
    `postgresql://u:${secret}@h/d?port=abc`,
    `postgresql://u:${secret}%@h/d`,
    `postgresql://u:${secret}@h/d?sslmode=sometimes`,
    `postgresql://u:${secret}@h/d?sslmode=disable`,
    `postgresql://u:${secret}@127.evil.example/d?sslmode=disable`,
  ].map((value) => ({ DATABASE_URL: value })),
  PGPORT: ["0", "65536", "x"].flatMap((value) => [
    { PGHOST: "h", PGPORT: value, PGPASSWORD: secret },
    { PGPORT: value, PGPASSWORD: secret },
  ]),
  PGSSLMODE: [
    ...["disable", "prefer", "require", "verify-ca", "maybe"].map((value) => ({
      PGHOST: "db.example.org",
      PGSSLMODE: value,
      PGPASSWORD: secret,
    })),
    { PGSSLMODE: "maybe", PGPASSWORD: secret },
  ],
  OPENAI_BASE_URL: [
    "nowhere",
    "http://models.example.org/v1",
    "ftp://localhost/",
    "http://127.evil.example/v1",
    "http://localhost.evil.example/v1",
  ].map((value) => ({ OPENAI_BASE_URL: value, OPENAI_API_KEY: secret })),
};
describe.each(Object.entries(bad))("a value of %s that cannot be used", (variable, environments) => {
  test.each(environments)("%j stops the start with one line that names the variable and no secret", (environment) => {
    const line = complaint(environment);
    expect(line).toContain(variable);
    expect(line).not.toContain("\n");
    expect(line).not.toContain(secret);
  });
});

test("the owner's URL is complained about by its own name", () => {
  expect(() => parseDatabaseUrl("LAMPLIGHT_OWNER_URL", "x")).toThrow(/LAMPLIGHT_OWNER_URL/);
});

test("only an address that cannot leave this machine counts as this machine", () => {
  for (const near of ["localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]", "/var/run/postgresql"])
    expect(staysOnThisMachine(near), near).toBe(true);
  for (const away of [
    "127.evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "128.0.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "evil/localhost",
    "",
    "127",
  ])
    expect(staysOnThisMachine(away), away).toBe(false);
});

test("a model is reached by key, by address, or both", () => {
  expect(readConfig({ OPENAI_API_KEY: "k" }).openai).toEqual({ apiKey: "k", baseUrl: undefined, model: "gpt-4o-mini" });
  expect(readConfig({ OPENAI_BASE_URL: "http://localhost:8000/v1", OPENAI_MODEL: "m" }).openai).toEqual({
    apiKey: "none",
    baseUrl: "http://localhost:8000/v1",
    model: "m",
  });
});
