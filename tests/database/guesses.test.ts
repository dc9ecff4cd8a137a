import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { type Authenticator, beginAs, enrol } from "../support/second-factor";

/** Whoever has the password and the workstation's login, and guesses the code in transactions that are never committed. */
let hospital: TestHospital;
let direct: Direct;
let authenticator: Authenticator;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  ({ authenticator } = await enrol(direct, await signInDirectly(direct, "demo_doctor"), "demo_doctor"));
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

const finish = "SELECT outcome FROM api.finish_sign_in($1, $2)";

test("a guess that is rolled back is spent: an attempt is worth a handful, and then nothing", async () => {
  const attempt = await beginAs(direct, "demo_doctor");
  const outcomes: string[] = [];
  for (let guess = 0; guess < 12; guess += 1) {
    await direct.rows("BEGIN");
    try {
      const [row] = await direct.rows(finish, [attempt, String(100_000 + guess)]);
      outcomes.push(String(row?.["outcome"]));
    } catch {
      outcomes.push("no such attempt");
    }
    await direct.rows("ROLLBACK");
  }
  expect(outcomes.slice(0, 4)).toEqual(["failed", "failed", "failed", "failed"]);
  expect(outcomes.slice(4)).toEqual(Array.from({ length: 8 }, () => "no such attempt"));
  // The right code comes too late for this attempt, and opens a new one, which is counted.
  expect(await direct.refusal(finish, [attempt, authenticator.code()])).toBe("28000");
  const [opened] = await direct.rows(finish, [await beginAs(direct, "demo_doctor"), authenticator.code()]);
  expect(opened?.["outcome"]).toBe("granted");
});

test("an attempt that is itself rolled back is none", async () => {
  await direct.rows("BEGIN");
  const attempt = await beginAs(direct, "demo_doctor");
  await direct.rows("ROLLBACK");
  expect(await direct.refusal(finish, [attempt, "123456"])).toBe("28000");
});

test("many who sign in at once leave each other their attempt", async () => {
  const connections = await Promise.all(Array.from({ length: 4 }, () => connectDirectly(hospital)));
  const names = ["demo_admin", "demo_nurse", "demo_auditor", "demo_billing"];
  for (let round = 0; round < 10; round += 1) {
    const outcomes = await Promise.all(
      connections.map(async (connection, at) => {
        const attempt = await beginAs(connection, names[at] as string);
        return (await connection.rows("SELECT outcome FROM api.finish_sign_in($1)", [attempt]))[0]?.["outcome"];
      }),
    );
    expect(outcomes).toEqual(["granted", "granted", "granted", "granted"]);
  }
  await Promise.all(connections.map((connection) => connection.end()));
});
