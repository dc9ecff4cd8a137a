import { readdir } from "node:fs/promises";
import { app } from "electron";
import type { UpdateView } from "../shared/workstation/updates";
import type { Clock } from "./clock";
import type { CentralDatabase } from "./config";
import type { Configuration } from "./configuration/configuration";
import { readNote } from "./database/embedded/places";
import type { Database } from "./database/pool";
import type { AnchorsHere } from "./health/anchors-check";
import { writeDiagnosticBundle } from "./health/bundle/write-bundle";
import { createHealth } from "./health/health";
import type { OutboxFigures } from "./health/outbox-check";
import type { Hospital } from "./hospital/hospital";
import type { WorkstationRooms } from "./ipc/workstation-handlers";
import type { Log } from "./logging/log";
import { readUpdatesConfiguration } from "./updates/configuration";
import { createUpdates } from "./updates/updates";
import { watchInstalled } from "./updates/watch-installed";

export interface WorkstationOptions {
  readonly home: string;
  /** Folder of the ordered `.sql` files of this version. */
  readonly migrations: string;
  readonly configuration: Configuration;
  readonly hospital: Hospital;
  readonly clock: Clock;
  readonly log: Log;
  /** What waits on this workstation to be sent. */
  readonly outbox: () => Promise<OutboxFigures>;
  /** What this workstation does about anchors of the audit. */
  readonly anchors: () => AnchorsHere;
  readonly announce: (view: UpdateView) => void;
  /** Whether nobody is signed in, so that a restart takes nothing from anybody. */
  readonly isFree: () => boolean;
  /** Takes what is on the screen from it: ending takes a moment, and nobody is signed in. */
  readonly hide: () => void;
}

/** Nobody types a password while the app restarts by itself under their hands. Milliseconds. */
const QUIET = 60_000;

/** What names the hospital's servers: a bundle that leaves the house says "the database's host" instead. */
function hiddenNames(central: CentralDatabase | undefined): string[] {
  if (!central) return [];
  const hosts = [central, ...(central.alternatives ?? [])].map(({ host }) => host);
  return [...hosts, central.user, central.database, central.password].filter((name) => name.length > 2);
}

/** Builds what belongs to the workstation itself: its health, its updates, and its restart after one. */
export function composeWorkstation(options: WorkstationOptions) {
  const { home, migrations, configuration, hospital, clock, log } = options;
  const database: Database = hospital.database;
  const version = app.getVersion();
  const updates = createUpdates({
    config: readUpdatesConfiguration(configuration.updates),
    home,
    fetch: globalThis.fetch,
    platform: process.platform,
    arch: process.arch,
    version,
    clock,
    onChange: options.announce,
    schema: async () => {
      if (hospital.status.database === "embedded") return null;
      const [row] = await database.statement("SELECT api.schema_version() AS version");
      return typeof row?.["version"] === "string" ? row["version"] : null;
    },
    log,
  });
  const restart = () => {
    options.hide();
    app.relaunch();
    app.quit();
  };
  let lastInput = clock.monotonic();
  const restartIfInstalled = () => {
    if (updates.view().state !== "installed" || !options.isFree()) return false;
    log.info("restarts as the version that was installed meanwhile");
    restart();
    return true;
  };
  const watch = app.isPackaged
    ? watchInstalled({ executable: process.execPath, version, onNewer: (newer) => updates.installed(newer) })
    : undefined;
  const quietly = setInterval(() => {
    if (clock.monotonic() - lastInput > QUIET) restartIfInstalled();
  }, QUIET / 2);
  quietly.unref();

  const health = () =>
    createHealth({
      version,
      clock,
      log,
      database: {
        kind: hospital.status.database,
        encrypted: hospital.central?.ssl ? true : null,
        statement: database.statement,
      },
      migrations,
      home,
      cluster: hospital.status.database === "embedded" ? (readNote(home)?.dataDirectory ?? null) : null,
      model: configuration.model,
      fetch: globalThis.fetch,
      updates: () => updates.view(),
      anchors: options.anchors,
      outbox: options.outbox,
    });

  const rooms: Omit<WorkstationRooms, "session"> = {
    configuration,
    hospital,
    expectedSchema: async () => {
      const names = (await readdir(migrations)).filter((name) => name.endsWith(".sql")).sort();
      return { version: names.at(-1) ?? "", app: version };
    },
    health: { read: () => health().read() },
    writeBundle: async (file) => {
      await writeDiagnosticBundle(file, {
        report: await health().read(),
        configuration: configuration.items(),
        versions: { lamplight: version, ...process.versions },
        home,
        clock,
        hidden: hiddenNames(hospital.central),
      });
    },
    updates,
    restart,
  };
  return {
    rooms,
    start: () => updates.start(),
    stop: () => {
      updates.stop();
      watch?.stop();
      clearInterval(quietly);
    },
    /** Trusted input reached our window. */
    input: () => {
      lastInput = clock.monotonic();
    },
    restartIfInstalled,
  };
}
