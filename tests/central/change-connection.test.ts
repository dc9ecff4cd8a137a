import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { removeDemo } from "../../electron/administration/remove-demo";
import { systemClock } from "../../electron/clock";
import type { CentralDatabase } from "../../electron/config";
import { readNote } from "../../electron/database/embedded/places";
import { loadDemoHospital } from "../../electron/demo-hospital/load-demo-hospital";
import { Hospital } from "../../electron/hospital/hospital";
import type { LoadDemo } from "../../electron/hospital/stay";
import { type HospitalServer, startHospitalServer } from "../support/central/hospital-server";
import { describeCentral } from "../support/central/unless";
import { cheapHashing } from "../support/hospital";

describeCentral("the database is chosen while the app runs", () => {
  let server: HospitalServer;
  let central: CentralDatabase;
  let home: string;
  let hospital: Hospital;
  let said: string[];
  let load: LoadDemo;
  const loadDemo: LoadDemo = (owner) =>
    loadDemoHospital({
      owner: owner as never,
      clock: systemClock,
      folder: "resources/demo-hospital",
      hashing: cheapHashing,
    });
  beforeAll(async () => {
    server = await startHospitalServer();
    const { alternatives: _, ...settings } = server.workstation(server.postgres.port);
    central = { ...settings, ssl: settings.ssl };
  });
  afterAll(() => server?.dispose());
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "lamplight-home-"));
    said = [];
    load = loadDemo;
    hospital = new Hospital({
      home,
      migrations: "resources/database/migrations",
      central: undefined,
      loadDemoUnasked: false,
      loadDemo: (owner) => load(owner),
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

  test("a database that is empty again keeps its audit, which tells what was in it", async () => {
    load = async (owner) => {
      await loadDemo(owner);
      await removeDemo(owner as never, "resources/demo-hospital");
    };
    await hospital.start();
    await hospital.loadDemo();
    expect(hospital.status.phase).toBe("empty");
    await hospital.changeConnection(central);
    expect(existsSync(readNote(home)?.dataDirectory ?? "")).toBe(true);
  });

  test("so does one in which IT has set up wards, though nobody has an account yet", async () => {
    load = (owner) =>
      owner.query("INSERT INTO hospital.ward (code, name, department) VALUES ('5A', 'Ward 5A', 'Medicine')");
    await hospital.start();
    await hospital.loadDemo();
    await hospital.changeConnection(central);
    expect(existsSync(readNote(home)?.dataDirectory ?? "")).toBe(true);
  });

  test("what is used now is what it says, and what is deleted leaves no half of a database", async () => {
    await hospital.start();
    expect(hospital.central).toBeUndefined();
    const cluster = readNote(home)?.dataDirectory ?? "";
    const change = hospital.changeConnection(central);
    expect(hospital).toMatchObject({ isChanging: true, central });
    // Quitting meanwhile waits for what is being deleted.
    await hospital.stop();
    await change;
    expect(readdirSync(dirname(cluster)).filter((name) => name.startsWith("cluster"))).toEqual([]);
    expect(hospital.isChanging).toBe(false);
  });

  test("the new one is joined though the old one cannot be tidied away", async () => {
    await hospital.start();
    const cluster = readNote(home)?.dataDirectory ?? "";
    // Something of that name is there already, and is no folder.
    writeFileSync(join(dirname(cluster), `cluster.new-${process.pid}-left`), "");
    await hospital.changeConnection(central);
    expect(hospital.status).toMatchObject({ phase: "ready", database: "central" });
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
