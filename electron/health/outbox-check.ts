import type { Clock } from "../clock";
import { type Finding, good, notChecked, warning } from "./finding";

export interface OutboxFigures {
  /** Sets of vital signs that wait here to be sent. */
  readonly waiting: number;
  /** Those that the database did not take, or that cannot be read. */
  readonly attention: number;
  /** When the oldest that waits was made; null where none does. */
  readonly oldest: string | null;
  /** Whether the operating system's key store guards the key of the files. */
  readonly guarded: boolean;
}

const MINUTE = 60_000;
const LONG = 60;
const sets = (count: number) => `${count} ${count === 1 ? "set" : "sets"} of vital signs`;

/** Only counts and ages: what was measured of whom stays where it is. */
export async function checkOutbox(read: (() => Promise<OutboxFigures>) | undefined, clock: Clock): Promise<Finding> {
  if (!read) return notChecked("This program runs apart from the workstations; each of them looks at its own outbox.");
  const { waiting, attention, oldest, guarded } = await read();
  const minutes = oldest === null ? 0 : Math.max(0, Math.floor((clock.now().getTime() - Date.parse(oldest)) / MINUTE));
  const figures = {
    waiting,
    needs_attention: attention,
    oldest_age_minutes: oldest === null ? null : minutes,
    key_in_key_store: guarded,
  };
  if (attention > 0)
    return warning(`${sets(attention)} could not be sent from here. Who typed them sees them in the app.`, figures);
  if (waiting > 0 && minutes > LONG)
    return warning(`${sets(waiting)} wait here to be sent, the oldest for ${minutes} minutes.`, figures);
  if (waiting > 0) return good(`${sets(waiting)} wait here to be sent.`, figures);
  return good("Nothing waits here to be sent.", figures);
}
