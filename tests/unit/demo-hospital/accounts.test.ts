import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type DemoAccounts,
  demoAccountsSchema,
  demoLoadedWords,
  readDemoAccounts,
  readDemoPassword,
} from "../../../electron/demo-hospital/accounts";
import { derivePasswordKeys } from "../../../electron/session/password-keys";
import { demoPassword } from "../../support/demo-password";

const source = "resources/demo-hospital";
const written = demoAccountsSchema.parse(JSON.parse(readFileSync(join(source, "accounts.json"), "utf8")));
const cheap = { memoryKib: 64, iterations: 1, parallelism: 1 };

test("the password is the product's, and stands in no file that a package holds", async () => {
  expect(await readDemoPassword(source)).toBe("DemoPass123!");
  for (const name of readdirSync(source))
    expect(readFileSync(join(source, name), "utf8"), name).not.toContain(demoPassword);
});

test("what is kept of each account is what the password derives to, by the parameters of an installed app", async () => {
  expect(written.hashing).toEqual({ memoryKib: 65_536, iterations: 3, parallelism: 1 });
  expect(written.staff.map(({ id }) => id)).toEqual(["STF001", "STF002", "STF003", "STF004", "STF005", "STF006"]);
  expect(new Set(written.staff.map(({ salt }) => salt.toString("hex"))).size).toBe(6);
  const accounts = await readDemoAccounts(source);
  for (const { id, salt } of written.staff) {
    const typed = await derivePasswordKeys(demoPassword, { ...written.hashing, salt });
    expect(await accounts.newKeys(id, written.hashing)).toEqual(typed);
    expect(await accounts.keysFor({ ...written.hashing, salt })).toEqual(typed);
  }
});

test("with other parameters, or a salt of its own, it is derived from the password", async () => {
  const accounts = await readDemoAccounts(source);
  const salted = { ...cheap, salt: Buffer.alloc(16, 7) };
  expect(await accounts.keysFor(salted)).toEqual(await derivePasswordKeys(demoPassword, salted));
  const [one, other] = [await accounts.newKeys("STF001", cheap), await accounts.newKeys("STF001", cheap)];
  expect(one.derivedBy.salt.equals(other.derivedBy.salt)).toBe(false);
  expect(one.auth).toEqual((await derivePasswordKeys(demoPassword, one.derivedBy)).auth);
});

describe("where there is no password, as in a package", () => {
  let folder: string;
  let accounts: DemoAccounts;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lamplight-demo-"));
    cpSync(source, join(folder, "demo-hospital"), { recursive: true });
    accounts = await readDemoAccounts(join(folder, "demo-hospital"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("the accounts begin and open as they are kept", async () => {
    const [first] = written.staff;
    if (!first) throw new Error("There is no account.");
    const begun = await accounts.newKeys(first.id, written.hashing);
    expect(await accounts.keysFor(begun.derivedBy)).toEqual(begun);
  });

  test("an account with another password, or of another version, is not opened by one press, and the words say how", async () => {
    await expect(accounts.keysFor({ ...written.hashing, salt: Buffer.alloc(16) })).rejects.toMatchObject({
      failure: { code: "SIGN_IN_FAILED", message: expect.stringContaining("Type its name and password") },
    });
    await expect(accounts.newKeys("STF001", cheap)).rejects.toMatchObject({ failure: { code: "SIGN_IN_FAILED" } });
    expect(await demoLoadedWords(join(folder, "demo-hospital"))).not.toContain(demoPassword);
  });
});
