import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../electron/clock";
import type { CentralDatabase } from "../../electron/config";
import { readNote } from "../../electron/database/embedded/places";
import { loadDemoHospital } from "../../electron/demo-hospital/load-demo-hospital";
import { Hospital } from "../../electron/hospital/hospital";
import { type HospitalServer, startHospitalServer } from "../support/central/hospital-server";
import { describeCentral } from "../support/central/unless";
import { cheapHashing } from "../support/hospital";

describeCentral("the database is chosen while the app runs", () => {
  let server: HospitalServer;
  let central: CentralDatabase;
  let home: string;
  let hospital: Hospital;
  let said: string[];
  beforeAll(async () => {
    server = await startHospitalServer();
    const { alternatives: _, ...settings } = server.workstation(server.postgres.port);
    central = { ...settings, ssl: settings.ssl };
  });
  afterAll(() => server?.dispose());
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "lamplight-home-"));
    said = [];
    hospital = new Hospital({
      home,
      migrations: "resources/database/migrations",
      central: undefined,
      loadDemoUnasked: false,
      loadDemo: (owner) =>
        loadDemoHospital({
          owner: owner as never,
          clock: systemClock,
          folder: "resources/demo-hospital",
          hashing: cheapHashing,
        }),
      onStatus: () => void said.push(hospital.status.phase),
      log: { info: () => undefined, unexpected: () => "reference" },
    });
  });
  afterEach(async () => {
    await hospital.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const ask = () =>
    hospital.database.statement("SELECT current_setting('server_version_num')::int / 10000 AS major", []);

  test("from this machine's empty database to the hospital's, which leaves nothing of the empty one behind", async () => {
    await hospital.start();
    expect(hospital.status).toMatchObject({ phase: "empty", database: "embedded" });
    const cluster = readNote(home)?.dataDirectory ?? "";
    expect(existsSync(cluster)).toBe(true);
    await hospital.changeConnection(central);
    expect(hospital.status).toEqual({ phase: "ready", message: null, demo: true, database: "central" });
    expect(await ask()).toEqual([{ major: 15 }]);
    expect(existsSync(cluster)).toBe(false);

    await hospital.changeConnection(undefined);
    expect(hospital.status).toMatchObject({ phase: "empty", database: "embedded", demo: false });
    expect(await ask()).toEqual([{ major: 18 }]);
  });

  test("a database of this machine that holds a hospital is kept, stopped, and found again", async () => {
    await hospital.start();
    await hospital.loadDemo();
    await hospital.changeConnection(central);
    expect(existsSync(readNote(home)?.dataDirectory ?? "")).toBe(true);
    await hospital.changeConnection(undefined);
    expect(hospital.status).toMatchObject({ phase: "ready", demo: true, database: "embedded" });
  });

  test("a choice that does not work is tried once and told, and another can be made at once", async () => {
    await hospital.start();
    await hospital.changeConnection({ ...central, password: "wrong" });
    expect(hospital.status).toMatchObject({ phase: "unavailable", database: "central" });
    expect(hospital.status.message).toContain("refused this workstation's login");
    await expect(ask()).rejects.toMatchObject({ failure: { code: "DATABASE_REFUSED" } });
    await hospital.changeConnection(central);
    expect(hospital.status.phase).toBe("ready");
    // What the first choice still finds out is no news any more.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(hospital.status.phase).toBe("ready");
  });

  test("while one change is under way another is refused", async () => {
    await hospital.start();
    const first = hospital.changeConnection(central);
    await expect(hospital.changeConnection(undefined)).rejects.toMatchObject({
      failure: { code: "TOO_MANY_REQUESTS" },
    });
    await first;
    expect(hospital.status.phase).toBe("ready");
  });
});
