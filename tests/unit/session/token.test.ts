import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto";
import { generateKeyPair, SignJWT } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { openSigningKeys, type SigningKey, type SigningKeys } from "../../../electron/session/signing-keys";
import { type AccessTokens, type Bearer, createAccessTokens } from "../../../electron/session/token";
import { type HandClock, handClock } from "./hand-clock";

const bearer: Bearer = {
  staffId: "STF002",
  role: "Nurse",
  sessionId: "3b241101-e2bb-4255-8caf-4136c566a962",
  secondFactor: true,
};
let clock: HandClock;
let tokens: AccessTokens;
let ring: SigningKeys;
/** The key of the module under test, so that a test can sign with the right one and claim the wrong things. */
let keys: SigningKey;
beforeEach(async () => {
  clock = handClock();
  ring = openSigningKeys(clock);
  tokens = await createAccessTokens(clock, ring);
  keys = ring.current();
});

const seconds = () => Math.floor(clock.now().getTime() / 1000);
const claims = () => ({
  sub: "STF002",
  role: "Nurse",
  sid: bearer.sessionId,
  mfa: true,
  iss: "lamplight",
  aud: "lamplight-door",
  iat: seconds(),
  nbf: seconds(),
  exp: seconds() + 900,
});
const sign = (
  changed: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: CryptoKey | KeyObject = keys.privateKey,
) => {
  const payload = { ...claims(), ...changed };
  for (const [name, value] of Object.entries(changed))
    if (value === undefined) delete (payload as Record<string, unknown>)[name];
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid: keys.kid, ...header } as { alg: string })
    .sign(key);
};
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const unsigned = (header: object, payload: object) => `${encoded(header)}.${encoded(payload)}`;
const refused = (token: string) =>
  expect(tokens.verify(token), token).rejects.toMatchObject({ failure: { code: "SESSION_EXPIRED" } });

test("a token of the session speaks for its person until fifteen minutes are over", async () => {
  const token = await tokens.mint(bearer);
  expect(await tokens.verify(token)).toEqual(bearer);
  clock.pass(899_000);
  expect(await tokens.verify(token)).toEqual(bearer);
  clock.pass(1000);
  await refused(token);
});

test("a wall clock that jumps neither ends a token nor prolongs it", async () => {
  for (const jump of [-31_536_000_000, -600_000, 600_000, 31_536_000_000]) {
    const token = await tokens.mint(bearer);
    clock.setWall(clock.now().getTime() + jump);
    clock.pass(899_000);
    expect(await tokens.verify(token)).toEqual(bearer);
    clock.pass(1000);
    await refused(token);
  }
});

test("a token carries no patient, no name and no secret", async () => {
  const [, payload = ""] = (await tokens.mint(bearer)).split(".");
  expect(Object.keys(JSON.parse(Buffer.from(payload, "base64url").toString())).sort()).toEqual([
    "aud",
    "exp",
    "iat",
    "iss",
    "mfa",
    "nbf",
    "role",
    "sid",
    "sub",
  ]);
});

test("what a test signs with the right key and right claims passes, so that each wrong one below can fail", async () => {
  expect(await tokens.verify(await sign())).toEqual(bearer);
});

describe("the zoo of tokens that open nothing:", () => {
  test("no signature at all", async () => {
    for (const alg of ["none", "None", "NONE", ""]) {
      await refused(`${unsigned({ alg, typ: "at+jwt", kid: keys.kid }, claims())}.`);
      const [, , signature] = (await sign()).split(".");
      await refused(`${unsigned({ alg, typ: "at+jwt", kid: keys.kid }, claims())}.${signature}`);
    }
    await refused(unsigned({ alg: "EdDSA", typ: "at+jwt", kid: keys.kid }, claims()));
  });
  test("HS256 with the public key as its secret", async () => {
    const body = unsigned({ alg: "HS256", typ: "at+jwt", kid: keys.kid }, claims());
    const { x } = keys.publicKey.export({ format: "jwk" }) as { x: string };
    for (const secret of [
      keys.publicKey.export({ format: "pem", type: "spki" }) as string,
      x,
      Buffer.from(x, "base64url"),
    ])
      await refused(`${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`);
  });
  test("another key, of the same kind or another", async () => {
    await refused(await sign({}, {}, (await generateKeyPair("EdDSA", { crv: "Ed25519" })).privateKey as CryptoKey));
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    await refused(
      await new SignJWT(claims())
        .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: keys.kid })
        .sign(rsa as KeyObject),
    );
  });
  test("a key that the token brings along, or points to", async () => {
    const own = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    const jwk = await crypto.subtle.exportKey("jwk", own.publicKey as CryptoKey);
    for (const header of [{ jwk }, { jku: "https://example.org/keys" }, { x5u: "https://example.org/c" }])
      await refused(await sign({}, header, own.privateKey as CryptoKey));
  });
  test("a key id that is a path, a number, a list, somebody's guess, or none, also with the right signature", async () => {
    expect(await tokens.verify(await sign())).toEqual(bearer);
    const ids: unknown[] = [
      "../../../dev/null",
      "/etc/passwd",
      `./${keys.kid}`,
      `${keys.kid}\0`,
      keys.kid.toUpperCase() === keys.kid ? `${keys.kid} ` : keys.kid.toUpperCase(),
      "' OR 1=1 --",
      "__proto__",
      "constructor",
      "",
      0,
      null,
      [keys.kid],
      { kid: keys.kid },
      undefined,
    ];
    for (const kid of ids) {
      const header = encoded({ alg: "EdDSA", typ: "at+jwt", ...(kid === undefined ? {} : { kid }) });
      const body = `${header}.${encoded(claims())}`;
      await refused(`${body}.${signBytes(null, Buffer.from(body), keys.privateKey).toString("base64url")}`);
    }
  });
  test("one signed with the empty file, a zero key or a small-order point that a path could name", async () => {
    const body = unsigned({ alg: "HS256", typ: "at+jwt", kid: "/dev/null" }, claims());
    for (const secret of ["", Buffer.alloc(32)])
      await refused(`${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`);
    await refused(
      `${unsigned({ alg: "EdDSA", typ: "at+jwt", kid: keys.kid }, claims())}.${Buffer.alloc(64).toString("base64url")}`,
    );
  });
  test("one of a key that is known under another id", async () => {
    clock.pass(8 * 24 * 3600_000, { monotonic: false, uptime: false });
    const next = ring.current();
    expect(next.kid).not.toBe(keys.kid);
    await refused(await sign({}, { kid: next.kid }));
    await refused(await sign({}, { kid: keys.kid }, next.privateKey));
  });
  test.each([
    ["another issuer", { iss: "somebody" }],
    ["no issuer", { iss: undefined }],
    ["another audience", { aud: "lamplight" }],
    ["no audience", { aud: undefined }],
    ["no subject", { sub: undefined }],
    ["an empty subject", { sub: "" }],
    ["a role that does not exist", { role: "Superuser" }],
    ["no role", { role: undefined }],
    ["two roles", { role: ["Nurse", "Admin"] }],
    ["no session", { sid: undefined }],
    ["a session that is none", { sid: "*" }],
    ["no word of the second factor", { mfa: undefined }],
    ["no end", { exp: undefined }],
    ["no beginning", { nbf: undefined }],
  ])("%s", async (_, changed) => refused(await sign(changed)));
  test("one that expired a second ago, and one that begins in a minute", async () => {
    await refused(await sign({ exp: seconds() - 1 }));
    await refused(await sign({ nbf: seconds() + 60 }));
  });
  test("another type of token, or none", async () => {
    for (const typ of ["JWT", "rt+jwt", undefined]) await refused(await sign({}, { typ }));
  });
  test("a changed or truncated one, and text that is none", async () => {
    const token = await tokens.mint(bearer);
    const [header = "", payload = "", signature = ""] = token.split(".");
    const admin = encoded({ ...claims(), role: "Admin" });
    for (const bad of [
      `${header}.${admin}.${signature}`,
      `${header}.${payload}`,
      `${header}.${payload}.`,
      token.slice(0, -4),
      token.slice(1),
      `${token}.x`,
      `${signature}.${payload}.${header}`,
      "",
      ".",
      "..",
      "null",
      "Bearer",
    ])
      await refused(bad);
    for (let cut = 1; cut < token.length; cut += 37) await refused(token.slice(0, cut));
  });
  test("one of another installation", async () => {
    const token = await (await createAccessTokens(clock)).mint(bearer);
    await refused(token);
  });
});
