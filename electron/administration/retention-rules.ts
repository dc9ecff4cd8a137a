/** One kind of rows that goes after a time. */
export interface RetentionRule {
  readonly name: string;
  /** In a sentence for IT: what goes. */
  readonly what: string;
  /** Days after which it goes. */
  readonly days: number;
  /** The fewest days that IT may choose; null: IT may not choose. */
  readonly fewestDays: number | null;
  readonly why: string;
  readonly table: string;
  /** SQL that tells the rows which are due; `$1` is the interval. */
  readonly due: string;
  /** Absent: the row goes. Else what is taken out of it, as SQL of SET. */
  readonly instead?: string;
}

/** THE table of what a retention run takes away. What is not in it stays. */
export const retentionRules = [
  {
    name: "announcements",
    what: "announcements of requests, which open nothing after 30 seconds",
    days: 1 / 24,
    fewestDays: null,
    why: "spent; the audit holds the request",
    table: "private.announcement",
    due: "expires_at < clock_timestamp() - $1::interval",
  },
  {
    name: "sign-in attempts",
    what: "attempts to sign in, judged or given up",
    days: 1,
    fewestDays: null,
    why: "judged within 2 minutes or never; the audit holds the attempt",
    table: "private.sign_in_attempt",
    due: "at < clock_timestamp() - $1::interval",
  },
  {
    name: "sign-in counters",
    what: "counters of wrong passwords that lock nobody any more",
    days: 1,
    fewestDays: null,
    why: "a name locks for an hour at most; names of people who are not staff stand in them",
    table: "private.sign_in_counter",
    due: "last_at < clock_timestamp() - $1::interval AND (locked_until IS NULL OR locked_until < clock_timestamp())",
  },
  {
    name: "sessions",
    what: "the token's hash of sessions that are over; the session itself stays, the audit names it",
    days: 0,
    fewestDays: null,
    why: "a session lasts 12 hours at most; what opened it has no use after its end",
    table: "private.session",
    due: "(ended_at IS NULL OR token_hash IS NOT NULL) AND expires_at < clock_timestamp() - $1::interval",
    instead:
      "token_hash = NULL, ended_at = coalesce(ended_at, expires_at), ended_because = coalesce(ended_because, 'expired')",
  },
  {
    name: "drafts",
    what: "sealed drafts whose time is over: half an hour after the shift, or twelve hours",
    days: 0,
    fewestDays: null,
    why: "what was neither saved nor sent by then is nobody's any more; every sign-in takes such drafts away as well",
    table: "private.draft",
    due: "expires_at <= clock_timestamp() - $1::interval",
  },
  {
    name: "chats",
    what: "chats with the assistant that nobody wrote in",
    days: 365,
    fewestDays: 30,
    why: "a person's own working notes, no part of the record; kept no longer than needed (45 CFR 164.502(b), minimum necessary)",
    table: "hospital.chat",
    due: "updated_at < clock_timestamp() - $1::interval",
  },
  {
    name: "token usage",
    what: "counts of the model's use",
    days: 400,
    fewestDays: 31,
    why: "a year and a month, so that a month can be compared with the same month of the year before",
    table: "hospital.token_usage",
    due: "at < clock_timestamp() - $1::interval",
  },
] as const satisfies readonly RetentionRule[];

export type RetentionName = (typeof retentionRules)[number]["name"];

/** What no retention run touches, and why: told with every run. */
export const neverRemoved = [
  "the audit: six years at the least (45 CFR 164.316(b)(2)(i)), and a chain with a gap could not be verified",
  "patients and their charts: how long they are kept is the law of each state and the hospital's own decision",
] as const;
