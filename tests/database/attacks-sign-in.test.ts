import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectDirectly, type Direct, proofOf, signInDirectly } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";

let hospital: TestHospital;
let direct: Direct;
let right: Buffer;

beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  right = await proofOf(direct, "demo_nurse");
});
beforeEach(() => hospital.owner("DELETE FROM private.sign_in_counter"));
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

async function begin(username: string, proof: Buffer): Promise<string> {
  const [row] = await direct.rows("SELECT api.begin_sign_in($1, $2) AS attempt", [username, proof]);
  return String(row?.["attempt"]);
}
async function finish(attempt: string): Promise<string> {
  const [row] = await direct.rows("SELECT outcome, token FROM api.finish_sign_in($1)", [attempt]);
  expect(row?.["token"] === null).toBe(row?.["outcome"] !== "granted");
  return String(row?.["outcome"]);
}
const guess = async (username: string, proof: Buffer = randomBytes(32)) => finish(await begin(username, proof));
const lockedFor = async (username: string) =>
  Number(
    (
      await hospital.owner(
        "SELECT extract(epoch FROM locked_until - clock_timestamp()) AS s FROM private.sign_in_counter WHERE username = $1",
        [username],
      )
    ).rows[0]?.["s"] ?? 0,
  );
const lockEnds = (username: string) =>
  hospital.owner("UPDATE private.sign_in_counter SET locked_until = clock_timestamp() WHERE username = $1", [username]);

test("five wrong passwords lock the account, and then the right one is refused too", async () => {
  for (let attempt = 0; attempt < 5; attempt += 1) expect(await guess("demo_nurse")).toBe("failed");
  expect(await guess("demo_nurse")).toBe("locked");
  expect(await guess("demo_nurse", right)).toBe("locked");
  await lockEnds("demo_nurse");
  expect(await guess("demo_nurse", right)).toBe("granted");
  expect(await guess("demo_nurse")).toBe("failed");
});

test("an attempt begun before the lock, and finished under it, is judged by what it was", async () => {
  const early = await begin("demo_nurse", right);
  for (let attempt = 0; attempt < 4; attempt += 1) await guess("demo_nurse");
  const late = await begin("demo_nurse", right);
  expect(await finish(late)).toBe("locked");
  expect(await finish(early)).toBe("granted");
});

test("five rolled-back guesses teach nothing, because a rolled-back attempt cannot be judged", async () => {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await direct.rows("BEGIN");
    const begun = await begin("demo_nurse", right);
    expect(await direct.refusal("SELECT * FROM api.finish_sign_in($1)", [begun])).toBe("28000");
    expect(await direct.refusal("SELECT * FROM api.finish_sign_in($1)", [begun])).toBe("28000");
  }
  for (let attempt = 0; attempt < 5; attempt += 1) expect(await guess("demo_nurse")).toBe("failed");
  expect(await guess("demo_nurse", right)).toBe("locked");
});

test("rolling the judgement back does not take the attempt back", async () => {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const begun = await begin("demo_nurse", randomBytes(32));
    await direct.rows("BEGIN");
    expect(await finish(begun)).toBe("failed");
    await direct.rows("ROLLBACK");
  }
  expect(await guess("demo_nurse", right)).toBe("locked");
});

test("a token of a rolled-back sign-in opens nothing, neither inside that transaction nor after it", async () => {
  const begun = await begin("demo_nurse", right);
  await direct.rows("BEGIN");
  const [row] = await direct.rows("SELECT token FROM api.finish_sign_in($1)", [begun]);
  const [said] = await direct.rows(
    "SELECT announcement FROM api.announce($1, 'get_vital_signs', '{\"patient\": \"FCE57\"}')",
    [row?.["token"]],
  );
  expect(await direct.refusal("SELECT api.open_request($1, $2)", [row?.["token"], said?.["announcement"]])).toBe(
    "28000",
  );
  expect(await direct.refusal("SELECT * FROM api.whoami($1)", [row?.["token"]])).toBe("28000");
});

test("an attempt is judged once, and only an attempt that exists", async () => {
  const begun = await begin("demo_nurse", right);
  expect(await finish(begun)).toBe("granted");
  for (const attempt of [begun, randomUUID(), null])
    expect(await direct.refusal("SELECT * FROM api.finish_sign_in($1)", [attempt])).toBe("28000");
});

test("an attempt that waited two minutes is not judged any more", async () => {
  const begun = await begin("demo_nurse", right);
  await hospital.owner("UPDATE private.sign_in_attempt SET at = at - interval '2 minutes' WHERE id = $1", [begun]);
  expect(await direct.refusal("SELECT * FROM api.finish_sign_in($1)", [begun])).toBe("28000");
});

test("an attempt carries its proof with it: the right proof cannot be brought later, nor another person's attempt be used", async () => {
  const [row] = await direct.rows(
    "SELECT pg_get_function_identity_arguments('api.finish_sign_in'::regproc) AS arguments",
  );
  expect(row?.["arguments"]).toBe("attempt uuid, code text, renews uuid");
  expect(await guess("demo_doctor", right)).toBe("failed");
  expect(await guess("demo_nurse", Buffer.concat([right, Buffer.from([0])]))).toBe("failed");
  const stored = (await hospital.owner("SELECT verifier FROM private.credential WHERE staff_id = 'STF002'")).rows[0]?.[
    "verifier"
  ] as Buffer;
  expect(await guess("demo_nurse", stored)).toBe("failed");
});

test("each lock lasts twice as long as the one before, up to an hour, and a right password ends the count", async () => {
  for (let attempt = 0; attempt < 4; attempt += 1) await guess("demo_nurse");
  const lengths: number[] = [];
  for (let lock = 0; lock < 8; lock += 1) {
    await guess("demo_nurse");
    lengths.push(Math.round((await lockedFor("demo_nurse")) / 60));
    await lockEnds("demo_nurse");
  }
  expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(await guess("demo_nurse", right)).toBe("granted");
  expect((await hospital.owner("SELECT * FROM private.sign_in_counter")).rows).toEqual([]);
});

test("guesses on many connections at once are counted like guesses in a row", async () => {
  const clients = await Promise.all(Array.from({ length: 8 }, () => connectDirectly(hospital)));
  const outcomes = await Promise.all(
    clients.map(async (client) => {
      const [begun] = await client.rows("SELECT api.begin_sign_in('demo_nurse', $1) AS attempt", [randomBytes(32)]);
      return String(
        (await client.rows("SELECT outcome FROM api.finish_sign_in($1)", [begun?.["attempt"]]))[0]?.["outcome"],
      );
    }),
  );
  expect(outcomes.sort()).toEqual([...Array(5).fill("failed"), ...Array(3).fill("locked")]);
  await Promise.all(clients.map((client) => client.end()));
});

test("an invented name cannot be told from a real one: parameters, outcomes, lockout, errors, audit", async () => {
  const parameters = async (username: string) =>
    (await direct.rows("SELECT * FROM api.login_parameters($1)", [username]))[0] ?? {};
  const invented = await parameters("nobody_here");
  expect(await parameters("NOBODY_here")).toEqual(invented);
  expect((await parameters("somebody_else"))["salt"]).not.toEqual(invented["salt"]);
  const real = await parameters("demo_nurse");
  expect({ ...invented, salt: (invented["salt"] as Buffer).length }).toEqual({
    ...real,
    salt: (real["salt"] as Buffer).length,
  });
  const story = async (username: string) => {
    const told: unknown[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1)
      told.push(await guess(username), Math.round((await lockedFor(username)) / 10));
    for (const proof of [null, "\\x"])
      told.push(await direct.refusal("SELECT api.begin_sign_in($1, $2)", [username, proof]));
    const { rows } = await hospital.owner(
      "SELECT action, outcome, role, workstation, detail - 'attempt' AS detail FROM private.audit_entry WHERE action LIKE 'LOGIN%' ORDER BY at DESC LIMIT 15",
    );
    return [...told, ...rows];
  };
  expect(await story("nobody_here")).toEqual(await story("demo_nurse"));
});

test("an error of a sign-in tells nothing of the row it was about", async () => {
  const error = await direct.rows("SELECT api.begin_sign_in('demo_nurse', NULL)").catch((reason: unknown) => reason);
  expect(JSON.stringify(error)).not.toMatch(/STF002|Failing row/);
});

test("a person whose account is disabled gets the answers of a name that does not exist", async () => {
  await hospital.owner("UPDATE hospital.staff SET disabled_at = now() WHERE username = 'demo_nurse'");
  expect(await guess("demo_nurse", right)).toBe("failed");
  await hospital.owner("UPDATE hospital.staff SET disabled_at = NULL");
  expect((await signInDirectly(direct, "demo_nurse")).staffId).toBe("STF002");
});
