import type { BadgeRule } from "../../shared/account/account";
import { Refusal } from "../../shared/failure";
import type { BadgeRead } from "../../shared/session/waiting";
import type { Query } from "../database/query";
import { readHolder } from "./badge-records";
import type { BadgeReader } from "./reader";

export interface BadgeDeskOptions {
  /** Undefined: this workstation has none. */
  readonly reader: BadgeReader | undefined;
  readonly query: Query;
  /** The name under which sessions of this workstation are known. */
  readonly workstation: string;
  readonly session: {
    readonly kind: "signed-out" | "active" | "locked";
    lockView(): { readonly person: { readonly username: string } };
    isWaiting(username: string): boolean;
  };
  /** Milliseconds, monotonic. */
  readonly monotonic: () => number;
  /** Tells the page that waits. */
  readonly onRead: (read: BadgeRead) => void;
}

/** Milliseconds that a badge, once read, stands for its bearer, and that adding one waits for it. */
const VALID = 60_000;
const PATIENCE_FOR_A_NEW_ONE = 30_000;

interface Held {
  readonly badge: Buffer;
  readonly username: string;
  readonly until: number;
}

/** What is known of the badge that was read last, between the reader and whoever signs in. Numbers stay in this process. */
export class BadgeDesk {
  #held: Held | undefined;
  #read: BadgeRead | null = null;
  /** Whom somebody chose on the lock page. */
  #chosen: string | undefined;
  #wanted: { readonly take: (badge: Buffer) => void; readonly refuse: (why: Refusal) => void } | undefined;
  #reading = 0;
  readonly #rules = new Map<string, BadgeRule>();

  constructor(private readonly options: BadgeDeskOptions) {
    options.reader?.onRead((badge) => void this.#take(badge));
  }

  get isPresent(): boolean {
    return this.options.reader !== undefined;
  }

  /** Whether a badge means anything now: while somebody works, what a reader types is typing. */
  get isListening(): boolean {
    return this.isPresent && (this.options.session.kind !== "active" || this.#wanted !== undefined);
  }

  /** The role's rule, as the database said at the last sign-in of this person here. */
  ruleOf(staffId: string): BadgeRule {
    return this.#rules.get(staffId) ?? "off";
  }

  learnRule(staffId: string, rule: BadgeRule): void {
    this.#rules.set(staffId, rule);
  }

  choose(username: string | undefined): void {
    this.#chosen = username;
  }

  /** Whose name stands in the field of the sign-in page, and what was read. */
  arrival(): { username: string | null; read: BadgeRead | null } {
    return { username: (this.#valid()?.username ?? this.#chosen) || null, read: this.#read };
  }

  /** Whether the badge that was read within the last minute is somebody else's. */
  holdsOtherThan(username: string): boolean {
    const held = this.#valid();
    return held !== undefined && held.username !== username;
  }

  /** The badge of this person, read within the last minute. Throws `Refusal` BADGE_UNKNOWN. The caller zeroes it. */
  badgeOf(username?: string): { readonly badge: Buffer; readonly username: string } {
    const held = this.#valid();
    if (!held || (username !== undefined && held.username !== username)) throw new Refusal("BADGE_UNKNOWN");
    return { badge: Buffer.from(held.badge), username: held.username };
  }

  /** The next badge that is read, within 30 seconds. Throws `Refusal` INVALID_INPUT; LOCKED when the session ends meanwhile. */
  async nextBadge(): Promise<Buffer> {
    if (!this.isPresent) throw new Refusal("INVALID_INPUT", "This workstation has no badge reader.");
    if (this.#wanted) throw new Refusal("TOO_MANY_REQUESTS");
    let late: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Buffer>((take, refuse) => {
        this.#wanted = { take, refuse };
        late = setTimeout(
          () => refuse(new Refusal("INVALID_INPUT", "No badge was read within 30 seconds. Try again.")),
          PATIENCE_FOR_A_NEW_ONE,
        );
      });
    } finally {
      clearTimeout(late);
      this.#wanted = undefined;
    }
  }

  /** Somebody signed in, or a session closed: what was read before belongs to nobody any more. */
  clear(): void {
    this.#reading += 1;
    this.#held?.badge.fill(0);
    this.#held = undefined;
    this.#read = null;
    this.#chosen = undefined;
    this.#wanted?.refuse(new Refusal("LOCKED"));
  }

  async #take(badge: Buffer): Promise<void> {
    if (this.#wanted) return this.#wanted.take(badge);
    this.clear();
    const reading = this.#reading;
    const { session } = this.options;
    if (session.kind === "active") return void badge.fill(0);
    const holder = await readHolder(this.options.query, badge, this.options.workstation).catch(() => undefined);
    // Another badge, or somebody who signed in meanwhile, came after this one.
    if (this.#reading !== reading) return void badge.fill(0);
    if (holder?.outcome !== "known") {
      badge.fill(0);
      return this.#tell({ outcome: holder?.outcome === "unknown" ? "unknown" : "unavailable" });
    }
    const { username, name, rule } = holder;
    this.#held = { badge, username, until: this.options.monotonic() + VALID };
    const isOwn = session.kind === "locked" && session.lockView().person.username === username;
    const codeIsEnough = rule === "with-code" && holder.second_factor && (isOwn || session.isWaiting(username));
    this.#tell({ outcome: "holder", username, name, rule, codeIsEnough });
  }

  #tell(read: BadgeRead): void {
    this.#read = read;
    this.options.onRead(read);
  }

  #valid(): Held | undefined {
    if (this.#held && this.options.monotonic() > this.#held.until) {
      this.#held.badge.fill(0);
      this.#held = undefined;
      this.#read = null;
    }
    return this.#held;
  }
}
