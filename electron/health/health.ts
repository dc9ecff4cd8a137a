import { Refusal } from "../../shared/failure";
import {
  type HealthCheck,
  type HealthCheckName,
  type HealthReport,
  healthCheckNames,
  overallHealth,
} from "../../shared/workstation/health";
import type { UpdateView } from "../../shared/workstation/updates";
import type { Clock } from "../clock";
import type { Query } from "../database/pool";
import { type AnchorsHere, checkAnchors } from "./anchors-check";
import { checkClock, measureServer } from "./clock-check";
import { checkDatabase, readServerFigures } from "./database-check";
import { checkDisk } from "./disk-check";
import { bad, type Finding } from "./finding";
import { checkKeys } from "./keys-check";
import { checkModel, type ModelAddress } from "./model-check";
import { checkOutbox, type OutboxFigures } from "./outbox-check";
import { checkSchema } from "./schema-check";
import { checkUpdates } from "./updates-check";

export interface HealthOptions {
  readonly version: string;
  readonly clock: Clock;
  readonly log: { unexpected(where: string, error: unknown): string };
  readonly database: {
    readonly kind: "embedded" | "central";
    /** Whether this workstation encrypts its connection; null where it never leaves the machine. */
    readonly encrypted: boolean | null;
    /** As the workstation's login; a `Refusal` while there is no database is an answer, too. */
    readonly statement: Query;
  };
  /** Folder of the ordered `.sql` files of this version. */
  readonly migrations: string;
  readonly home: string;
  /** The folder of the embedded database's files; null with a central server, whose disk we cannot see. */
  readonly cluster: string | null;
  /** Undefined: the built-in assistant on this machine. */
  readonly model: ModelAddress | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly updates: () => UpdateView;
  /** What this workstation does about anchors of the audit; left out where it writes none. */
  readonly anchors?: () => AnchorsHere;
  /** What waits on this workstation to be sent; absent in a program that runs apart from one. */
  readonly outbox?: () => Promise<OutboxFigures>;
  /** Milliseconds that any one check may take; all run side by side. */
  readonly limit?: number;
}

export interface Health {
  /** Looks at everything now. Never throws, and is done after eight seconds at the latest. */
  read(): Promise<HealthReport>;
}

const LIMIT = 7500;

export function createHealth(options: HealthOptions): Health {
  const { clock, database, log, limit = LIMIT } = options;

  async function look(name: HealthCheckName, work: () => Promise<Finding>): Promise<HealthCheck> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Finding>((resolve) => {
      timer = setTimeout(() => resolve(bad(`No answer within ${limit / 1000} seconds.`)), limit);
    });
    try {
      return { name, ...(await Promise.race([work(), late])) };
    } catch (error) {
      if (error instanceof Refusal) return { name, ...bad(error.failure.message, { code: error.failure.code }) };
      const reference = log.unexpected(`health ${name}`, error);
      return { name, ...bad(`This could not be checked. The log has the reason (reference ${reference}).`) };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    read: async () => {
      // Two checks read the same figures and two the same measurement: each is asked for once.
      const figures = readServerFigures(database.statement);
      const measured = measureServer(database.statement, clock);
      // Who awaits them says so; nobody may be awaiting any more when they fail late.
      for (const shared of [figures, measured]) shared.catch(() => undefined);
      const looks: Readonly<Record<HealthCheckName, () => Promise<Finding>>> = {
        database: async () => checkDatabase(database, await figures, await measured),
        schema: () => checkSchema(database.statement, options.migrations, options.version),
        keys: async () => checkKeys(await figures, clock),
        clock: async () => checkClock(await measured, database.kind),
        disk: () => checkDisk(options.home, options.cluster),
        outbox: () => checkOutbox(options.outbox, clock),
        anchors: () => checkAnchors(database.statement, options.anchors?.(), clock),
        model: () => checkModel(options.model, options.fetch),
        updates: async () => checkUpdates(options.updates(), clock),
      };
      const checks = await Promise.all(healthCheckNames.map((name) => look(name, looks[name])));
      return {
        takenAt: clock.now().toISOString(),
        version: options.version,
        state: overallHealth(checks),
        checks,
      };
    },
  };
}
