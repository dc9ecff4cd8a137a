import { z } from "zod";
import { turnEventSchema } from "../assistant/turn";
import { offlineStateSchema } from "../offline/offline-state";
import { badgeReadSchema } from "../session/waiting";
import { updateViewSchema } from "../workstation/updates";
import { appStatusSchema } from "./app-commands";

/** Everything the main process may push to a page. Events only announce; a page asks for data itself. */
export const events = {
  "app.status": appStatusSchema,
  /** Seconds until the lock; null when the warning is over. */
  "session.warning": z.strictObject({ secondsLeft: z.int().nullable() }),
  "database.connection": z.strictObject({ connected: z.boolean() }),
  /** What the database says of the own session has changed; the command of the same name tells what. */
  "session.pulse": z.strictObject({}),
  /** A badge was read while the lock page or the sign-in page was open. */
  "badge.read": badgeReadSchema,
  /** Whether the database is away, and what waits here for it. */
  "offline.changed": offlineStateSchema,
  "assistant.event": turnEventSchema,
  /** The database held drafts of the person that this workstation did not. */
  "drafts.changed": z.strictObject({}),
  "updates.changed": updateViewSchema,
  /** How far an export of the audit is, in entries. */
  "audit.progress": z.strictObject({ done: z.int(), of: z.int() }),
  "import.progress": z.strictObject({
    file: z.string(),
    phase: z.enum(["reading", "checking", "storing", "done"]),
    done: z.int(),
    of: z.int(),
  }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;
