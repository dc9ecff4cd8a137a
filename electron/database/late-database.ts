import { Refusal } from "../../shared/failure";
import type { Database } from "./pool";

/** The database before it is there and while it is away: refuses in words, and passes on as soon as one is attached. */
export interface LateDatabase extends Database {
  /** `database` answered just now; what was attached before is closed. */
  attach(database: Database): void;
  /** From here on everything is refused with `reason`; what was attached stays open for whoever holds it. */
  detach(reason: Refusal): void;
}

export function lateDatabase(): LateDatabase {
  let current: Database | undefined;
  let absence = new Refusal("DATABASE_BUSY");
  let connected: boolean | undefined;
  const listeners: ((connected: boolean) => void)[] = [];
  const ready = (): Database => {
    if (!current) throw absence;
    return current;
  };
  const tell = (now: boolean) => {
    if (now === connected) return;
    connected = now;
    for (const listener of listeners) listener(now);
  };
  return {
    statement: async (text, values) => ready().statement(text, values),
    request: async (token, announcement, work) => ready().request(token, announcement, work),
    onConnectionChange: (listener) => listeners.push(listener),
    close: async () => current?.close(),
    attach: (database) => {
      const old = current;
      if (old === database) return;
      current = database;
      database.onConnectionChange((now) => {
        if (current === database) tell(now);
      });
      if (connected === false) tell(true);
      void old?.close().catch(() => undefined);
    },
    detach: (reason) => {
      const had = current !== undefined;
      current = undefined;
      absence = reason;
      if (had) tell(false);
    },
  };
}
