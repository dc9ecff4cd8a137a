import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { openDatabase } from "../../electron/database/pool";
import { startTestHospital, type TestHospital } from "../support/hospital";

/** The driver itself reads variables of PostgreSQL's own tools. Whose connection it is was decided elsewhere. */
let hospital: TestHospital;
beforeAll(async () => {
  hospital = await startTestHospital();
});
afterAll(() => hospital.close());
afterEach(() => vi.unstubAllEnvs());

test("where no password is kept, none of the environment's is told to the server, and that is said", async () => {
  vi.stubEnv("PGPASSWORD", hospital.workstation.password);
  const database = openDatabase({ ...hospital.workstation, password: "" });
  await expect(database.statement("SELECT 1")).rejects.toMatchObject({
    failure: { code: "DATABASE_REFUSED", message: expect.stringContaining("none is kept") },
  });
  await database.close();
});

test.each(["require", "no-verify"])("PGSSLMODE=%s does not keep this machine's own database away", async (mode) => {
  vi.stubEnv("PGSSLMODE", mode);
  const database = openDatabase({ ...hospital.workstation, ssl: undefined });
  expect(await database.statement("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await database.close();
});
