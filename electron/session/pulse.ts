import { Refusal } from "../../shared/failure";
import { type Pulse, pulseSchema } from "../../shared/session/pulse";
import type { Person } from "../../shared/session/session-state";
import type { Clock } from "../clock";
import type { Database } from "../database/pool";
import type { Session } from "./session";

export interface PulseOptions {
  readonly session: Session;
  readonly database: Database;
  readonly clock: Clock;
  /** What the pulse says now, whenever that changes. */
  readonly onChange: (pulse: Pulse) => void;
  /** Milliseconds between two pulses. */
  readonly every?: number;
}

/** A session that somebody else ended is off the screen within five seconds: two, and the time that the answer takes. */
const EVERY = 2000;
/** Milliseconds that a token serves before the next is asked for; PostgreSQL gives it 15 minutes. */
const RENEWAL = 12 * 60_000;

const quiet: Pulse = { alerts: 0, reviews: 0, breakGlass: null };

/**
 * Asks the database about the own session every other second, and for its next token in time. Neither is a sign of a person:
 * they keep no session awake. What ended the session is noticed by `session.guarded`, like with everything else that is asked.
 */
export function createPulse({ session, database, clock, onChange, every = EVERY }: PulseOptions) {
  /** Of whom: what one person was told is never told to the next. */
  let last: { readonly staffId: string; readonly pulse: Pulse } | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** For whom an answer is on its way; one that hangs must not keep the next person's from being asked. */
  let asking: object | undefined;
  /** Whose pulse was heard last: an unlock or a sign-in makes another object. */
  let heardOf: object | undefined;
  /** The chart that was last known to be open in an emergency, by staff id; outlives a lock. */
  const opened = new Map<string, string>();
  /** The same, of those that ended while their person was away. */
  const ended = new Map<string, string>();
  /** Of the token that is in use: an unlock or a sign-in brings a new one. */
  let seen: { readonly token: string; readonly since: number } | undefined;

  function noteEmergency(person: Person, open: string | null): void {
    const { staffId } = person;
    const before = opened.get(staffId);
    if (heardOf !== person && before !== undefined && before !== open) ended.set(staffId, before);
    if (open === null) opened.delete(staffId);
    else {
      opened.set(staffId, open);
      ended.delete(staffId);
    }
    heardOf = person;
  }

  function heard(person: Person, told: Pulse): void {
    noteEmergency(person, told.breakGlass?.patientId ?? null);
    const emergencyEnded = ended.get(person.staffId);
    const pulse = emergencyEnded === undefined ? told : { ...told, emergencyEnded };
    const changed = JSON.stringify(pulse) !== JSON.stringify(lastOf(person));
    last = { staffId: person.staffId, pulse };
    if (changed) onChange(pulse);
  }

  const lastOf = ({ staffId }: Person) => (last?.staffId === staffId ? last.pulse : quiet);

  async function renewInTime(): Promise<void> {
    const token = session.databaseToken();
    if (seen?.token !== token) seen = { token, since: clock.monotonic() };
    if (clock.monotonic() - seen.since < RENEWAL) return;
    await session.renewTokens();
  }

  /** One pulse; never throws. A network that is away is tried again with the next. */
  async function beat(): Promise<void> {
    if (session.kind !== "active" || session.isOffline) {
      last = undefined;
      return;
    }
    const person = session.person();
    if (asking === person) return;
    asking = person;
    try {
      const token = session.databaseToken();
      const [row] = await session.guarded(() => database.statement("SELECT api.pulse($1) AS pulse", [token]));
      // An answer that comes after a lock is nobody's, also when somebody else is there by then.
      if (session.kind !== "active" || session.person() !== person) return;
      heard(person, pulseSchema.parse(row?.["pulse"]));
      await renewInTime();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    } finally {
      if (asking === person) asking = undefined;
    }
  }

  return {
    start(onFault: (error: unknown) => void): void {
      timer = setInterval(() => void beat().catch(onFault), every);
      timer.unref();
    },
    stop: () => clearInterval(timer),
    beat,
    last: () => (session.kind === "active" && !session.isOffline ? lastOf(session.person()) : quiet),
    /** The person has read that their emergency ended while they were away. */
    endRead(): void {
      const { staffId } = session.person();
      ended.delete(staffId);
      if (last?.staffId !== staffId) return;
      const { emergencyEnded: _, ...pulse } = last.pulse;
      last = { staffId, pulse };
    },
  };
}
