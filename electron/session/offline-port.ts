import type { Person, SessionView } from "../../shared/session/session-state";
import type { SealingKey } from "../sealing/seal";
import type { HashingParameters, PasswordKeys } from "./password-keys";

/** What a password proved to the database leaves for working without it: the HKDF `offline` key and how it was derived. */
export interface OfflineSeed {
  readonly offlineKey: Buffer;
  readonly hashing: HashingParameters & { readonly salt: Buffer };
}

/** A session that the database opened for a password just now. */
export interface ProvedSession {
  readonly token: string;
  readonly sessionId: string;
  readonly person: Person;
  readonly startedAt: string;
  readonly expiresAt: string;
  /** Absent where a badge opened it. */
  readonly draftsKey: SealingKey | undefined;
}

/** A person's work without the database, opened by their password and not yet begun. */
export interface OfflineEntry {
  readonly person: Person;
  readonly sessionId: string;
  readonly startedAt: string;
  readonly expiresAt: string;
  readonly draftsKey: SealingKey;
  /** For going on with the database's session when it is back; zeroed with the offline session. */
  readonly keys: PasswordKeys;
  /** Called when the session is this person's. */
  begin(): Promise<void>;
  /** The session became nobody's meanwhile: zeroes what was opened. */
  discard(): void;
}

/** What the session asks of the room that works without the database. */
export interface OfflinePort {
  /** Whether the database is away, asked now; answers soon whatever happens. */
  isAway(): Promise<boolean>;
  /** Whether this person could open their work here without the database. */
  holds(username: string): Promise<"yes" | "expired" | "no">;
  /** Throws `Refusal` SIGN_IN_FAILED, OFFLINE_EXPIRED or OFFLINE_UNAVAILABLE. */
  unlock(username: string, password: string): Promise<OfflineEntry>;
  /** A password was right by the database's word: makes ready for the next hours. Never rejects; zeroes the seed. */
  granted(proved: ProvedSession, seed: OfflineSeed): Promise<void>;
  /** Whether the time without the database is over. */
  isOver(): boolean;
  /** The database's session goes on. */
  online(): void;
  /** At every lock and sign-out. */
  forget(): void;
  /** The shift that was on when the ward was last read. */
  shift(): Promise<SessionView["shift"]>;
}
