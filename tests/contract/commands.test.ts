import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { auditActions } from "../../shared/audit/actions";
import { failureCodes, failures } from "../../shared/failure";
import { commands } from "../../shared/ipc/contract";
import { events } from "../../shared/ipc/events";
import { announcements } from "../../shared/tools/announcements";
import { toolNames, tools } from "../../shared/tools/registry";

const names = Object.keys(commands);
const all = Object.entries(commands) as [string, { session: string; input: z.ZodType; output: z.ZodType }][];

test("every command has exactly one handler, and there is no handler that is no command", () => {
  const source = readFileSync("electron/ipc/handlers.ts", "utf8");
  const others = readdirSync("electron/ipc").filter((name) => name.endsWith("-handlers.ts"));
  const every = source + others.map((name) => readFileSync(`electron/ipc/${name}`, "utf8")).join("\n");
  const handled = [...every.matchAll(/^ {4}"([a-z]+\.[A-Za-z]+)":/gm)].map((match) => String(match[1]));
  expect(handled.sort()).toEqual([...names].sort());
  // The type says so too; a cast would take that away.
  expect(source).toMatch(/createHandlers\([^)]*\): Handlers/);
  expect(readFileSync("electron/ipc/router.ts", "utf8")).toMatch(/readonly \[N in CommandName\]: \(/);
});

test("what can be asked before anybody signed in is this list and no more", () => {
  expect(
    all
      .filter(([, { session }]) => session === "none")
      .map(([name]) => name)
      .sort(),
  ).toEqual([
    "account.checkPassword",
    "app.status",
    "connection.choose",
    "connection.forget",
    "connection.test",
    "connection.view",
    "hospital.loadDemo",
    "offline.state",
    "session.arrival",
    "session.cancelSignIn",
    "session.choosePassword",
    "session.confirmEnrolment",
    "session.demoAccounts",
    "session.signIn",
    "session.signInByBadge",
    "session.signInDemo",
    "session.startEnrolment",
    "session.verifyCode",
    "settings.read",
    "updates.restart",
    "updates.view",
  ]);
  expect(
    all
      .filter(([, { session }]) => session === "locked")
      .map(([name]) => name)
      .sort(),
  ).toEqual(["session.lockView", "session.switchUser", "session.unlock", "session.unlockByBadge"]);
});

describe.each(all)("the command %s", (_, { input }) => {
  test("takes an object of known fields and refuses a field too many", () => {
    expect(input.safeParse({ surprise: 1 }).success).toBe(false);
    for (const other of [null, undefined, 7, "text", []]) expect(input.safeParse(other).success).toBe(false);
  });
  test("takes no text without a bound", () => {
    const schema = JSON.stringify(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
    for (const text of schema.match(/\{[^{}]*"type":"string"[^{}]*\}/g) ?? [])
      expect(text).toMatch(/"maxLength"|"enum"|"const"|"format"|"pattern"/);
  });
});

/** What an administrator does to others names them; one's own other sessions, and who waits on the lock page, have ids too. */
const namesOthers: ReadonlySet<string> = new Set([
  "account.endSession",
  "people.disable",
  "people.enable",
  "people.endSessions",
  "people.resetPassword",
  "people.resetSecondFactor",
  "people.sessions",
  "people.add",
  "session.switchUser",
]);
/** The role of somebody else, or the demo account that is wanted: never the caller's own. */
const namesRoles: ReadonlySet<string> = new Set(["session.signInDemo", "people.add", "people.changeRule"]);

test("the own session, token and role are nothing that a page could name", () => {
  const inputs = all.map(
    ([name, { input }]) =>
      [name, JSON.stringify(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }))] as const,
  );
  for (const [name, schema] of inputs) {
    expect(schema, name).not.toMatch(/"(token|accessToken|audience|via)":/);
    if (!namesOthers.has(name)) expect(schema, name).not.toMatch(/"(sessionId|staffId)":/);
    if (!namesRoles.has(name)) expect(schema, name).not.toMatch(/"role":/);
  }
});

test("no event carries a patient's name or chart but the answer of the assistant", () => {
  const others = Object.entries(events).filter(([name]) => name !== "assistant.event");
  for (const [name, schema] of others) {
    // A code out of a closed list carries nobody's data, whatever it is called.
    const open = JSON.stringify(z.toJSONSchema(schema, { unrepresentable: "any" })).replace(/"enum":\[[^\]]*\]/g, "");
    expect(open, name).not.toMatch(/patient|family|birth/i);
  }
});

test("every failure has a sentence of its own, for a person", () => {
  expect(new Set(Object.values(failures)).size).toBe(failureCodes.length);
  for (const sentence of Object.values(failures)) expect(sentence).toMatch(/^[A-Z].*\.$/);
});

test("every tool declares words for a person and a model, and discloses what its permission is about", () => {
  expect(new Set(toolNames.map((name) => tools[name].title)).size).toBe(toolNames.length);
  for (const name of toolNames) {
    const { title, description, discloses, permission, effect } = tools[name];
    expect(title.length * description.length, name).toBeGreaterThan(100);
    expect(effect).toBe("read");
    if (!["patients.search", "ward.read", "ward.snapshot"].includes(permission))
      expect(discloses, name).toContain(permission);
  }
});

test("every announcement's audit action is in the closed list", () => {
  for (const { audit } of announcements) if (audit !== "ACCESS") expect(auditActions).toContain(audit);
});
