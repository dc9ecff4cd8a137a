import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Clock } from "../../electron/clock";
import { checkClock, measureServer } from "../../electron/health/clock-check";
import { checkDatabase, type ServerFigures } from "../../electron/health/database-check";
import { judgeDisk } from "../../electron/health/disk-check";
import { createHealth, type HealthOptions } from "../../electron/health/health";
import { checkKeys } from "../../electron/health/keys-check";
import { checkModel } from "../../electron/health/model-check";
import { checkUpdates } from "../../electron/health/updates-check";
import { Refusal } from "../../shared/failure";
import {
  type HealthReport,
  healthCheckNames,
  healthReportSchema,
  overallHealth,
} from "../../shared/workstation/health";
import type { UpdateView } from "../../shared/workstation/updates";

const real: Clock = { now: () => new Date(), monotonic: () => performance.now(), uptime: () => performance.now() };
const off: UpdateView = { state: "off", version: "0.2.0", offered: null, message: "Off.", feed: null, checkedAt: null };
const key = "sk-a-key-that-must-not-show";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "lamplight-health-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("the whole report", () => {
  const logged: string[] = [];
  const healthWith = (change: Partial<HealthOptions>) =>
    createHealth({
      version: "0.2.0",
      clock: real,
      log: {
        unexpected: (where) => {
          logged.push(where);
          return "3f9a1c20";
        },
      },
      database: {
        kind: "central",
        encrypted: true,
        statement: () => Promise.reject(new Refusal("DATABASE_UNAVAILABLE")),
      },
      migrations: "resources/database/migrations",
      home,
      cluster: null,
      model: undefined,
      fetch: () => Promise.reject(new Error("nobody may be asked")),
      updates: () => off,
      ...change,
    });
  const states = (report: HealthReport) => Object.fromEntries(report.checks.map(({ name, state }) => [name, state]));

  test("without a database: every check is there, and says it in words", async () => {
    const report = healthReportSchema.parse(await healthWith({}).read());
    expect(report.checks.map(({ name }) => name)).toEqual(healthCheckNames);
    expect(report.state).toBe("bad");
    expect(states(report)).toMatchObject({ database: "bad", schema: "bad", keys: "bad", clock: "bad", model: "good" });
    expect(report.checks[0]?.message).toBe(
      "The database does not answer. Nothing you saved is lost; the app keeps trying.",
    );
  });

  test("a database that never answers is given up at the limit, and costs the other checks nothing", async () => {
    const statement = () => new Promise<never>(() => undefined);
    const report = await healthWith({ database: { kind: "central", encrypted: true, statement }, limit: 300 }).read();
    expect(states(report)).toMatchObject({
      database: "bad",
      schema: "bad",
      keys: "bad",
      clock: "bad",
      updates: "good",
    });
    expect(report.checks[0]?.message).toBe("No answer within 0.3 seconds.");
  });

  test("a check that breaks is bad, with a reference into the log and without the error's words", async () => {
    const updates = () => {
      throw new Error("the name of a patient");
    };
    const report = await healthWith({ updates }).read();
    expect(report.checks.at(-1)).toEqual({
      name: "updates",
      state: "bad",
      message: "This could not be checked. The log has the reason (reference 3f9a1c20).",
      figures: {},
    });
    expect(logged).toContain("health updates");
  });

  test("an answer of another shape is bad, not a crash", async () => {
    const report = await healthWith({
      database: { kind: "central", encrypted: true, statement: async () => [{ known: true, figures: { people: 1 } }] },
    }).read();
    expect(states(report)).toMatchObject({ database: "bad", keys: "bad" });
  });
});

test("of what was not checked, only what could have been counts", () => {
  const all = (change: object) =>
    overallHealth(
      healthCheckNames.map((name) => ({
        name,
        state: { outbox: "not-checked", anchors: "not-checked", ...change }[name as string] ?? "good",
      })) as HealthReport["checks"],
    );
  expect(all({})).toBe("good");
  expect(all({ keys: "not-checked" })).toBe("warning");
  expect(all({ disk: "warning" })).toBe("warning");
  expect(all({ disk: "warning", model: "bad" })).toBe("bad");
  expect(all({ outbox: "bad" })).toBe("bad");
});

describe("the clock", () => {
  /** A server whose clock is `ahead` of ours and whose answers take as long as they are told to. */
  function served(ahead: number, delays: number[], jump = 0) {
    let passed = 0;
    let wall = 1_900_000_000_000;
    const clock: Clock = { now: () => new Date(wall), monotonic: () => passed, uptime: () => passed };
    const statement = async () => {
      const delay = delays.shift() ?? 10;
      const at = wall + delay / 2 + ahead;
      passed += delay;
      wall += delay + jump;
      return [{ at }];
    };
    return measureServer(statement, clock);
  }
  test("is measured in the middle of the shortest round trip", async () => {
    expect(await served(-700, [900, 20, 4, 300, 50])).toEqual({ offset: -700, roundTrip: 4 });
  });
  test("is not fooled by a wall clock that is set meanwhile", async () => {
    expect((await served(0, [10, 10, 10, 10, 10], 60_000)).offset).toBe(0);
  });
  test.each([
    [0, "good"],
    [2000, "good"],
    [-2001, "warning"],
    [30_000, "warning"],
    [30_001, "bad"],
    [-86_400_000, "bad"],
  ])("%i ms away is %s", (offset, state) => {
    expect(checkClock({ offset, roundTrip: 5 }, "central").state).toBe(state);
  });
  test("says in which direction", () => {
    expect(checkClock({ offset: 45_000, roundTrip: 5 }, "central").message).toContain("45.0 s behind the database's");
    expect(checkClock({ offset: -3000, roundTrip: 5 }, "central").message).toContain("3.0 s ahead of the database's");
  });
});

describe("the disk", () => {
  const gigabyte = 1e9;
  test.each([
    ["good", { free: 50 * gigabyte, total: 100 * gigabyte }],
    ["warning", { free: 1.9 * gigabyte, total: 10 * gigabyte }],
    ["warning", { free: 9 * gigabyte, total: 100 * gigabyte }],
    ["bad", { free: 0.4 * gigabyte, total: 1 * gigabyte }],
  ] as const)("%s: %j", (state, space) => {
    expect(judgeDisk(space, null).state).toBe(state);
    expect(judgeDisk({ free: 50 * gigabyte, total: 100 * gigabyte }, space).state).toBe(state);
  });
});

describe("the database and its keys", () => {
  const server: ServerFigures = {
    server_version: "18.4",
    in_recovery: false,
    encrypted: true,
    database_bytes: 1e8,
    connections: 10,
    connections_allowed: 100,
    keys: {
      people: 8,
      field_keys: 2,
      field_key_holders: 5,
      links: 1,
      newest_since: "2030-01-01T00:00:00Z",
      without_newest: 0,
    },
  };
  const central = { kind: "central", encrypted: true } as const;
  const state = (change: Partial<ServerFigures>, roundTrip = 5) =>
    checkDatabase(central, { ...server, ...change }, { offset: 0, roundTrip }).state;
  test("is judged by what would stop the work", () => {
    expect(state({})).toBe("good");
    expect(state({ in_recovery: true })).toBe("bad");
    expect(state({ connections: 80 })).toBe("warning");
    expect(state({ connections: 96 })).toBe("bad");
    expect(state({}, 600)).toBe("warning");
    expect(checkDatabase({ ...central, encrypted: false }, server, { offset: 0, roundTrip: 1 }).state).toBe("bad");
    expect(checkDatabase(central, undefined, { offset: 0, roundTrip: 1 }).state).toBe("warning");
  });
  const keys = (change: Partial<ServerFigures["keys"]>) =>
    checkKeys(
      { ...server, keys: { ...server.keys, ...change } },
      { ...real, now: () => new Date("2030-01-11T06:00:00Z") },
    );
  test("people who still wait for the newest key are counted", () => {
    expect(keys({})).toMatchObject({ state: "good", figures: { newest_field_key_age_days: 10 } });
    expect(keys({ without_newest: 1 })).toMatchObject({
      state: "warning",
      message: expect.stringContaining("1 person has"),
    });
    expect(keys({ field_keys: 0 }).state).toBe("warning");
    expect(keys({ newest_since: null })).toMatchObject({ figures: { newest_field_key_age_days: null } });
    expect(checkKeys(undefined, real).state).toBe("not-checked");
  });
});

describe("the language model", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });
  async function listening(listener: RequestListener): Promise<string> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }
  const asked = async (listener: RequestListener, model = "ward-model") =>
    checkModel({ apiKey: key, baseUrl: await listening(listener), model }, globalThis.fetch);

  test("of this machine needs nobody", async () => {
    expect(await checkModel(undefined, () => Promise.reject(new Error("asked")))).toMatchObject({ state: "good" });
  });

  test("is asked for its list with the key and with no word more", async () => {
    const seen: string[] = [];
    const found = await asked((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      request.on("data", (chunk) => seen.push(String(chunk)));
      response.end(JSON.stringify({ data: [{ id: "ward-model" }] }));
    });
    expect(found.state).toBe("good");
    expect(seen).toEqual([`GET /v1/models Bearer ${key}`]);
  });

  test.each<[string, string, RequestListener]>([
    ["bad", "refuses the key", (_, response) => void response.writeHead(401).end(key)],
    ["bad", "refuses the key", (_, response) => void response.writeHead(403).end()],
    ["bad", "answers with an error", (_, response) => void response.writeHead(503).end("secret words")],
    ["warning", "does not list", (_, response) => void response.writeHead(404).end()],
    ["warning", "cannot be read", (_, response) => void response.end("<html>secret words</html>")],
    ["warning", "cannot be read", (_, response) => void response.end("x".repeat(2_000_000))],
    ["warning", "does not offer", (_, response) => void response.end('{"data":[{"id":"secret words"}]}')],
    [
      "bad",
      "cannot be reached",
      (_, response) => void response.writeHead(302, { location: "http://elsewhere.example/" }).end(),
    ],
    ["bad", "cannot be reached", (request) => void request.socket.destroy()],
  ])("is %s where it %s, and repeats neither address nor answer nor key", async (state, words, listener) => {
    const found = await asked(listener);
    expect(found).toMatchObject({ state, message: expect.stringContaining(words) });
    expect(JSON.stringify(found)).not.toMatch(/127\.0\.0\.1|secret words|sk-a-key|elsewhere/u);
  });

  test("that says nothing is given five seconds", async () => {
    expect(await asked(() => undefined)).toMatchObject({
      state: "bad",
      message: expect.stringContaining("within 5 seconds"),
    });
  });
});

describe("updates", () => {
  const at = (hours: number) => new Date(real.now().getTime() - hours * 3_600_000).toISOString();
  test.each<[string, Partial<UpdateView>]>([
    ["good", { state: "off" }],
    ["good", { state: "current", checkedAt: at(1) }],
    ["good", { state: "ready", checkedAt: at(1), offered: "0.3.0" }],
    ["warning", { state: "refused", checkedAt: at(1) }],
    ["warning", { state: "failed" }],
    ["warning", { state: "idle", checkedAt: at(80) }],
    ["not-checked", { state: "idle" }],
  ])("%s: %j", (state, change) => {
    expect(checkUpdates({ ...off, ...change }, real).state).toBe(state);
  });
});
