import { afterAll, beforeAll, expect, test } from "vitest";
import { rotateContextKey } from "../../electron/administration/context-key";
import { keyStatus } from "../../electron/administration/key-status";
import type { Owner } from "../../electron/administration/owner";
import { connectDirectly, type Direct, signInDirectly } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";

let hospital: TestHospital;
let direct: Direct;
let owner: Owner;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  owner = { query: hospital.owner };
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});
const patient = "FCE57";
const rows = async (text: string) => (await hospital.owner(text)).rows;

test("a new context key closes the requests that are open, signs out nobody, and invents the same salts as before", async () => {
  const salts = async () =>
    (await direct.rows("SELECT encode(salt, 'hex') AS salt FROM api.login_parameters('nobody at all')"))[0]?.["salt"];
  const before = await salts();
  const [old] = await rows("SELECT encode(inner_pad, 'hex') AS pad, context_key_id AS id FROM private.installation");
  const session = await signInDirectly(direct, "demo_nurse");
  const announced = await direct.rows("SELECT announcement FROM api.announce($1, 'get_vital_signs', $2)", [
    session.token,
    JSON.stringify({ patient }),
  ]);
  await direct.rows("BEGIN READ ONLY");
  await direct.rows("SELECT api.open_request($1, $2)", [session.token, announced[0]?.["announcement"]]);
  expect(await direct.rows("SELECT guard.has_request() AS open")).toEqual([{ open: true }]);
  const id = await rotateContextKey(owner);
  expect(
    await direct.rows("SELECT guard.has_request() AS open, (SELECT count(*)::int FROM api.vital_signs) AS rows"),
  ).toEqual([{ open: false, rows: 0 }]);
  await direct.rows("COMMIT");
  const [fresh] = await rows("SELECT encode(inner_pad, 'hex') AS pad, context_key_id AS id FROM private.installation");
  expect(fresh).toMatchObject({ id });
  expect(fresh?.["pad"]).not.toBe(old?.["pad"]);
  expect(await salts()).toBe(before);
  // The same session goes on, and the app's own door too.
  await direct.rows("BEGIN READ ONLY");
  await direct.rows("SELECT api.open_request($1, $2)", [session.token, announced[0]?.["announcement"]]);
  expect(await direct.rows("SELECT guard.has_request() AS open")).toEqual([{ open: true }]);
  await direct.rows("COMMIT");
  expect((await keyStatus(owner)).contextKey).toEqual({ id, since: expect.stringMatching(/^20.*Z$/) });
});
