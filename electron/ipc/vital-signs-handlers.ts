import { type FailureCode, Refusal } from "../../shared/failure";
import type { SetToRecord, vitalSignsCommands } from "../../shared/ipc/vital-signs-commands";
import type { Database } from "../database/pool";
import { countRefusals, settleRefusal } from "../records/refused-observations";
import { recordVitalSigns } from "../records/vital-signs-record";
import type { Session } from "../session/session";
import type { Handlers } from "./router";

export interface VitalSignsRooms {
  readonly session: Session;
  readonly database: Database;
  /**
   * Keeps a set on this workstation while the database is away, under the submission as its id: a set whose answer was lost
   * is then stored once, whichever way it comes first. Throws where it cannot keep it. Absent: nothing is ever kept.
   */
  readonly keepForLater?: (set: SetToRecord) => Promise<void>;
  /** Whether it is known that the database is away: then nobody waits to hear it once more. */
  readonly isAway?: () => boolean;
  /** A set is in the database. */
  readonly onStored?: () => void;
}

/** What a person cannot do anything about now; the set may wait for the network. */
const away: readonly FailureCode[] = ["DATABASE_UNAVAILABLE", "DATABASE_BUSY", "OFFLINE"];
const isAway = (error: unknown) => error instanceof Refusal && away.includes(error.failure.code);

/** The commands of the vitals form and of the list of refused entries. */
export function createVitalSignsHandlers({
  session,
  database,
  keepForLater,
  isAway: knownAway,
  onStored,
}: VitalSignsRooms): Pick<Handlers, keyof typeof vitalSignsCommands> {
  return {
    "vitals.record": async (given) => {
      const answer = { patient_id: given.patient_id, recorded_at: given.recorded_at };
      const { staffId } = session.person();
      try {
        if (keepForLater && knownAway?.()) throw new Refusal("DATABASE_UNAVAILABLE");
        const state = await session.guarded(() => recordVitalSigns(database, session.databaseToken(), given));
        onStored?.();
        return { ...answer, state };
      } catch (error) {
        if (!isAway(error)) throw error;
        if (!keepForLater)
          throw new Refusal(
            "NOT_STORED",
            "The database does not answer. Nothing was stored; what you typed is still here. Save it again.",
          );
        // The answer may have taken so long that somebody else is here: it is not theirs, and its own person's draft keeps it.
        if (session.person().staffId !== staffId) throw new Refusal("LOCKED");
        await keepForLater(given);
        return { ...answer, state: "queued" };
      }
    },
    "attention.count": async () => ({
      count: await session.guarded(() => countRefusals(database, session.databaseToken())),
    }),
    "attention.settle": async ({ refusal, decision, reason }) => {
      await session.guarded(() => settleRefusal(database, session.databaseToken(), refusal, decision, reason));
      return {};
    },
  };
}
