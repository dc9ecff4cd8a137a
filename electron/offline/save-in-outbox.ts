import { createHmac } from "node:crypto";
import type { ObservationSet } from "../../shared/clinical/observation-set";
import { Refusal } from "../../shared/failure";
import { type OutboxEntry, outboxEntrySchema } from "../../shared/offline/outbox-entry";
import type { OfflineHold } from "./offline-hold";
import type { Outbox } from "./outbox";

/** One set as it was typed. */
export interface TypedSet {
  /** uuidv7, made where it was typed; the same for every retry of one "Save observations". */
  readonly id: string;
  readonly patient: string;
  readonly recordedAt: string;
  readonly set: ObservationSet;
}

const MINUTE = 60_000;
const full = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const locked = new Set(["EROFS", "EACCES", "EPERM"]);

function troubleWith(error: unknown): Refusal {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (full.has(code))
    return new Refusal(
      "NOT_STORED",
      "This workstation's disk is full. Nothing was stored; what you typed is still here. Tell IT.",
    );
  if (locked.has(code))
    return new Refusal(
      "NOT_STORED",
      "This workstation cannot write to its disk. Nothing was stored; what you typed is still here. Tell IT.",
    );
  return new Refusal("NOT_STORED");
}

/**
 * Writes one set to the outbox. Resolves when it outlasts the end of the app and of the power. Refuses beforehand what the
 * database would have to refuse for its time alone: whoever typed it is still here to correct it.
 */
export async function saveInOutbox(outbox: Outbox, hold: OfflineHold, typed: TypedSet, now: number): Promise<void> {
  const { outboxKey, person, sessionId } = hold;
  if (!outboxKey)
    throw new Refusal(
      "OFFLINE_UNAVAILABLE",
      "Your role cannot record vital signs while the network is away. Nothing was stored.",
    );
  if (now >= Math.min(hold.until, Date.parse(outboxKey.notAfter))) throw new Refusal("OFFLINE_EXPIRED");
  const recorded = Date.parse(typed.recordedAt);
  if (recorded > now + 2 * MINUTE) throw new Refusal("INVALID_INPUT", "The time of the measurement is in the future.");
  if (recorded < Date.parse(outboxKey.issuedAt) - 2 * MINUTE)
    throw new Refusal(
      "INVALID_INPUT",
      "While the network is away, only what was measured since your sign-in can be saved. Enter older measurements when it is back.",
    );
  const entry: OutboxEntry = outboxEntrySchema.parse({
    v: 1,
    id: typed.id,
    staff: person.staffId,
    session: sessionId,
    workstation: outboxKey.workstation,
    patient: typed.patient,
    recorded_at: typed.recordedAt,
    entered_at: new Date(now).toISOString(),
    set: typed.set,
  });
  const payload = JSON.stringify(entry);
  const mac = createHmac("sha256", outboxKey.key).update(payload, "utf8").digest();
  try {
    await outbox.add(typed.id, person.staffId, { keyId: outboxKey.id, payload, mac });
  } catch (error) {
    throw error instanceof Refusal ? error : troubleWith(error);
  }
}
