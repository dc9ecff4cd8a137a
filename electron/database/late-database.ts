import { Refusal } from "../../shared/failure";
import type { Database } from "./pool";

/** The database before it is there and while it is away: refuses in words, and passes on as soon as one is attached. */
export function lateDatabase() {
  let current: Database | undefined;
  const listeners: ((connected: boolean) => void)[] = [];
  const ready = (): Database => {
    if (!current) throw new Refusal("DATABASE_BUSY");
    return current;
  };
  return {
    statement: async (text, values) => ready().statement(text, values),
    request: async (token, announcement, work) => ready().request(token, announcement, work),
    onConnectionChange: (listener) => listeners.push(listener),
    close: async () => current?.close(),
    attach(database: Database): void {
      const old = current;
      current = database;
      database.onConnectionChange((connected) => {
        if (current === database) for (const listener of listeners) listener(connected);
      });
      void old?.close().catch(() => undefined);
    },
  } satisfies Database & { attach(database: Database): void };
}
export type LateDatabase = ReturnType<typeof lateDatabase>;
