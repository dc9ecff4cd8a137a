import { hostname } from "node:os";
import { join } from "node:path";
import type { AuditFilter } from "../shared/audit/filter";
import { Refusal } from "../shared/failure";
import type { ExportFormat } from "../shared/ipc/audit-commands";
import type { AnchorKey } from "./anchors/anchor-key";
import { Anchoring } from "./anchors/anchoring";
import { checkAnchors } from "./anchors/check-anchors";
import { keptAnchorKey } from "./anchors/kept-key";
import { comparePoints, workstationPort } from "./anchors/port";
import { createAnchorSchedule } from "./anchors/schedule";
import { exportAudit } from "./audit/export-audit";
import type { Clock } from "./clock";
import type { Configuration } from "./configuration/configuration";
import type { SecretBox } from "./configuration/secret-box";
import type { Query } from "./database/pool";
import type { AnchorsHere } from "./health/anchors-check";
import type { Hospital } from "./hospital/hospital";
import type { Log } from "./logging/log";
import type { Session } from "./session/session";

export interface AuditOptions {
  readonly home: string;
  readonly configuration: Configuration;
  readonly hospital: Hospital;
  /** Asked when something is exported: it is made after this. */
  readonly session: () => Session;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked at each use: the key store answers only after the app is ready. */
  readonly secretBox: () => SecretBox | undefined;
  readonly onProgress: (progress: { done: number; of: number }) => void;
}

/** Builds what keeps the audit outside the database: its anchors, on a schedule, and what people take out of the app. */
export function composeAudit(options: AuditOptions) {
  const { home, configuration, hospital, clock, log } = options;
  const { minutes } = configuration.anchors;
  const started = clock.monotonic();
  const isEmbedded = () => hospital.status.database === "embedded";
  /** Where anchors lie for the database of now; undefined: IT named no folder, and the database is the hospital's own. */
  const folder = () => configuration.anchors.folder ?? (isEmbedded() ? join(home, "anchors") : undefined);

  let key: AnchorKey | undefined;
  let anchoring: { readonly folder: string; readonly run: Anchoring } | undefined;
  async function write() {
    const place = folder();
    if (place === undefined) return undefined;
    key ??= keptAnchorKey(home, options.secretBox);
    if (anchoring?.folder !== place) {
      const port = workstationPort(
        (text, values) => hospital.database.statement(text, values),
        hostname(),
        minutes * 60,
      );
      anchoring = { folder: place, run: new Anchoring({ folder: place, key, port, clock }) };
    }
    return anchoring.run.write();
  }
  const schedule = createAnchorSchedule({
    minutes,
    write,
    isReady: () => hospital.status.phase === "ready" && folder() !== undefined,
    log,
  });

  /** Within a person's request: what "Verify chain" says about the anchors. */
  async function compare(query: Query) {
    const place = folder();
    if (place === undefined)
      return {
        state: "not-checked" as const,
        message: "Not compared with anchors outside the database: IT named no folder with anchors on this workstation.",
        anchors: 0,
        last_at: null,
        faults: [],
        notices: [],
      };
    const [state] = await query("SELECT installation, last_number, last_key FROM api.anchoring_state()");
    return checkAnchors({
      folder: place,
      installation: String(state?.["installation"]),
      compare: comparePoints(query, "api"),
      noted: {
        number: state?.["last_number"] === null ? null : Number(state?.["last_number"]),
        key: state?.["last_key"] as string | null,
      },
      exclusive: configuration.anchors.folder === undefined,
    });
  }

  let running: AbortController | undefined;
  return {
    anchors: compare,
    /** For the health page. */
    health: (): AnchorsHere => ({
      writes: folder() !== undefined,
      minutes,
      running: (clock.monotonic() - started) / 60_000,
      trouble: schedule.trouble(),
    }),
    start: () => schedule.start(),
    stop: () => schedule.stop(),
    exporter: {
      run: async (path: string, format: ExportFormat, filter: AuditFilter) => {
        if (running) throw new Refusal("TOO_MANY_REQUESTS");
        const session = options.session();
        const token = session.databaseToken();
        running = new AbortController();
        try {
          return await session.guarded(() =>
            exportAudit({
              database: hospital.database,
              token: () => {
                // Locked, and unlocked again, it is another token: an export never goes on as somebody else.
                if (session.databaseToken() !== token) throw new Refusal("NOT_SIGNED_IN");
                return token;
              },
              staffId: session.person().staffId,
              format,
              filter,
              path,
              signal: (running as AbortController).signal,
              onProgress: options.onProgress,
            }),
          );
        } finally {
          running = undefined;
        }
      },
      stop: () => running?.abort(),
    },
  };
}
