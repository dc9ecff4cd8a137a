import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSealedFile } from "../../../electron/configuration/sealed-file";
import { openSigningKeys, type SigningKeyStore } from "../../../electron/session/signing-keys";
import { type Bearer, createAccessTokens } from "../../../electron/session/token";
import { handClock } from "./hand-clock";

const bearer: Bearer = {
  staffId: "STF002",
  role: "Nurse",
  sessionId: "3b241101-e2bb-4255-8caf-4136c566a962",
  secondFactor: false,
};
const week = 7 * 24 * 3600_000;
const minute = 60_000;
const refused = { failure: { code: "SESSION_EXPIRED" } };

function memory(text?: string): SigningKeyStore & { text(): string | undefined } {
  let kept = text;
  return {
    read: () => kept,
    write: (next) => {
      kept = next;
    },
    text: () => kept,
  };
}

test("an installation signs with the same key after a restart, and another one's tokens open nothing", async () => {
  const store = memory();
  const clock = handClock();
  const token = await (await createAccessTokens(clock, openSigningKeys(clock, store))).mint(bearer);
  const again = await createAccessTokens(clock, openSigningKeys(clock, store));
  expect(await again.verify(token)).toEqual(bearer);
  const other = await createAccessTokens(clock, openSigningKeys(clock, memory()));
  await expect(other.verify(token)).rejects.toMatchObject(refused);
});

test("after a week another key signs; the old one is believed until its last token has expired, and then forgotten", async () => {
  const store = memory();
  const clock = handClock();
  const keys = openSigningKeys(clock, store);
  const tokens = await createAccessTokens(clock, keys);
  const first = keys.current().kid;
  clock.pass(week - minute);
  expect(keys.current().kid).toBe(first);
  const token = await tokens.mint(bearer);
  clock.pass(2 * minute);
  const second = keys.current().kid;
  expect(second).not.toBe(first);
  expect(await tokens.verify(token)).toEqual(bearer);
  expect(openSigningKeys(clock, store).find(first)).toBeDefined();
  clock.pass(17 * minute);
  expect(keys.find(first)).toBeUndefined();
  expect(openSigningKeys(clock, store).find(first)).toBeUndefined();
  expect(keys.find(second)).toBeDefined();
});

test("a token of a retired key is refused also where its own time is not over", async () => {
  const clock = handClock();
  const keys = openSigningKeys(clock, memory());
  const tokens = await createAccessTokens(clock, keys);
  const token = await tokens.mint(bearer);
  // The wall clock alone: for the token, which counts by the process's own, no time passes.
  clock.pass(week, { monotonic: false, uptime: false });
  keys.current();
  expect(await tokens.verify(token)).toEqual(bearer);
  clock.pass(17 * minute, { monotonic: false, uptime: false });
  await expect(tokens.verify(token)).rejects.toMatchObject(refused);
});

test("a wall clock that jumps locks nobody out: there is always a key that signs and is believed", async () => {
  const clock = handClock();
  const keys = openSigningKeys(clock, memory());
  const tokens = await createAccessTokens(clock, keys);
  for (const jump of [-52 * week, 52 * week, -minute, 104 * week, -200 * week]) {
    clock.setWall(clock.now().getTime() + jump);
    expect(await tokens.verify(await tokens.mint(bearer))).toEqual(bearer);
  }
});

test("a keyring that cannot be understood is replaced, and a disk that takes nothing stops nobody", async () => {
  const clock = handClock();
  for (const damaged of ["", "{", "[]", '{"keys": [{"kid": "x", "made": 1, "replaced": null, "pkcs8": "AAAA"}]}']) {
    const tokens = await createAccessTokens(clock, openSigningKeys(clock, memory(damaged)));
    expect(await tokens.verify(await tokens.mint(bearer)), damaged).toEqual(bearer);
  }
  const full: SigningKeyStore = {
    read: () => undefined,
    write: () => {
      throw new Error("ENOSPC");
    },
  };
  const tokens = await createAccessTokens(clock, openSigningKeys(clock, full));
  expect(await tokens.verify(await tokens.mint(bearer))).toEqual(bearer);
});

const box = {
  described: "a key store",
  seal: (secret: string) => Buffer.from(secret).reverse(),
  open: (sealed: Buffer) => Buffer.from(sealed).reverse().toString(),
};

test("the keys lie sealed where there is a key store, else readable by this account alone, and it says which", () => {
  const file = join(mkdtempSync(join(tmpdir(), "lamplight-keys-")), "signing-keys.json");
  const open = openSealedFile(file, "keys", () => undefined);
  expect(open.read()).toBeUndefined();
  open.write("a secret");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(open.read()).toBe("a secret");
  expect(open.described()).toContain("no key store");
  // A key store that came later takes over what lay open.
  const sealed = openSealedFile(file, "keys", () => box);
  expect(sealed.read()).toBe("a secret");
  expect(readFileSync(file, "utf8")).not.toContain("a secret");
  expect(sealed.read()).toBe("a secret");
  expect(sealed.described()).toContain("sealed by a key store");
  expect(open.read()).toBeUndefined();
});

test.runIf(process.getuid)("a file that others can read holds no keys any more", () => {
  const file = join(mkdtempSync(join(tmpdir(), "lamplight-keys-")), "signing-keys.json");
  writeFileSync(file, JSON.stringify({ open: "a secret" }), { mode: 0o644 });
  expect(openSealedFile(file, "keys", () => undefined).read()).toBeUndefined();
});
