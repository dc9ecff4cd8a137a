import type { LockedSession } from "../../shared/session/session-state";
import type { WaitingPerson } from "../../shared/session/waiting";
import type { Clock } from "../clock";

/** A locked session that its person left to somebody else at this workstation. No key and no token: the database dropped both. */
export interface WaitingSession {
  readonly locked: LockedSession;
  readonly sessionId: string;
}

interface Kept extends WaitingSession {
  readonly until: number;
  readonly at: { readonly wall: number; readonly monotonic: number; readonly uptime: number };
}

/** A ward has a handful of people on a shift; whoever waits longest gives way, and signs in anew. */
export const MOST_WAITING = 8;
/** Milliseconds: the database ends a session twelve hours after it began, whatever happens. */
const LONGEST = 12 * 3_600_000;

/** Whose session waits here, by staff id. In memory alone, and gone when the session would be over anyway. */
export class WaitingSessions {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly clock: Clock) {}

  keep(session: WaitingSession): void {
    const { staffId } = session.locked.person;
    const at = this.#marks();
    // The database's word on when it began; a wall clock that is wrong must not keep it for ever.
    const since = at.wall - Date.parse(session.locked.signedInAt);
    const left = LONGEST - Math.min(Math.max(since, 0), LONGEST);
    this.#kept.delete(staffId);
    this.#kept.set(staffId, { ...session, at, until: left });
    for (const longest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_WAITING) break;
      this.#kept.delete(longest);
    }
  }

  /** The session of this name, which is the person's own; it waits on until `drop`. */
  of(username: string): WaitingSession | undefined {
    this.#shred();
    const asked = username.trim().toLowerCase();
    return [...this.#kept.values()].find((kept) => kept.locked.person.username === asked);
  }

  drop(staffId: string): void {
    this.#kept.delete(staffId);
  }

  list(): WaitingPerson[] {
    this.#shred();
    return [...this.#kept.values()].map(({ locked: { person, lockedAt } }) => ({
      staffId: person.staffId,
      name: person.name,
      role: person.role,
      since: lockedAt,
    }));
  }

  /** For the sign-in page, when somebody was chosen on the lock page. */
  usernameOf(staffId: string): string | undefined {
    this.#shred();
    return this.#kept.get(staffId)?.locked.person.username;
  }

  #marks() {
    return { wall: this.clock.now().getTime(), monotonic: this.clock.monotonic(), uptime: this.clock.uptime() };
  }

  #shred(): void {
    const now = this.#marks();
    for (const [staffId, { at, until }] of this.#kept)
      if (Math.max(now.wall - at.wall, now.monotonic - at.monotonic, now.uptime - at.uptime) >= until)
        this.#kept.delete(staffId);
  }
}
