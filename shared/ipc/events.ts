import { z } from "zod";
import { turnEventSchema } from "../assistant/turn";
import { updateViewSchema } from "../workstation/updates";
import { appStatusSchema } from "./app-commands";

/** Everything the main process may push to a page. Events only announce; a page asks for data itself. */
export const events = {
  "app.status": appStatusSchema,
  /** Seconds until the lock; null when the warning is over. */
  "session.warning": z.strictObject({ secondsLeft: z.int().nullable() }),
  "database.connection": z.strictObject({ connected: z.boolean() }),
  "assistant.event": turnEventSchema,
  "updates.changed": updateViewSchema,
  "import.progress": z.strictObject({
    file: z.string(),
    phase: z.enum(["reading", "checking", "storing", "done"]),
    done: z.int(),
    of: z.int(),
  }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;
