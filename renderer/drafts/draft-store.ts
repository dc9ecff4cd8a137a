import type { Draft, DraftContent } from "../../shared/drafts/draft";
import type { CommandInput, CommandName, CommandOutput } from "../../shared/ipc/contract";
import { sameFields } from "./fields";

/** What the store needs of the world. */
export interface DraftPort {
  call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  /** The database had drafts that this workstation did not. */
  onChanged(listener: () => void): () => void;
  later(work: () => void, milliseconds: number): void;
}

/** What is held of one place, and whether it was there before this page. */
export interface HeldDraft {
  readonly content: DraftContent;
  /** Set until a form of this page took it over: when it was typed, ISO 8601. */
  readonly cameBackFrom: string | null;
}

/** How well drafts are kept, for the one notice about it. */
export interface DraftKeeping {
  readonly sealed: number;
  /** False where this session can keep nothing. */
  readonly kept: boolean;
  /** Something on this page is too long, or one too many, to be kept. */
  readonly full: boolean;
}

/** The drafts of the person who is signed in, as this page knows them. Nothing of it is stored by the page itself. */
export interface DraftStore {
  subscribe(listener: () => void): () => void;
  held(place: string): HeldDraft | undefined;
  places(): readonly string[];
  keeping(): DraftKeeping;
  /** Hands the newest content on; a burst of changes travels as its last one. */
  keep(place: string, content: DraftContent): void;
  shred(place: string): void;
  close(): void;
}

/** Milliseconds between two messages of one place when only the caret moved. */
const CARET_PAUSE = 40;
/** Milliseconds until another attempt, when the main process could not be asked. */
const AGAIN = 2000;

/** What a place has to tell the main process: at most one message is on its way, and the newest waits behind it. */
interface Outgoing {
  /** Null in `next` stands for a draft that is to be destroyed. */
  next: { readonly content: DraftContent | null } | null;
  busy: boolean;
  waiting: boolean;
  sent: DraftContent | null;
  sentAt: number;
}

export function createDraftStore(port: DraftPort, monotonic: () => number): DraftStore {
  const held = new Map<string, HeldDraft>();
  const outgoing = new Map<string, Outgoing>();
  const listeners = new Set<() => void>();
  /** Places that this page has written or emptied: what the vault says of them is older. */
  const ours = new Set<string>();
  let known: readonly string[] = [];
  let keeping: DraftKeeping = { sealed: 0, kept: true, full: false };
  const refused = new Set<string>();
  let closed = false;
  const tell = () => {
    known = [...held.keys()];
    for (const listener of listeners) listener();
  };

  async function read(): Promise<void> {
    try {
      const { drafts, sealed, kept } = await port.call("drafts.list", {});
      // What was sent elsewhere meanwhile is gone, unless a form of this page has taken it over.
      for (const place of held.keys()) if (!ours.has(place)) held.delete(place);
      for (const draft of drafts) if (!ours.has(draft.place)) held.set(draft.place, cameBack(draft));
      keeping = { ...keeping, sealed, kept };
      tell();
    } catch {
      if (!closed) port.later(() => void (closed || read()), AGAIN);
    }
  }
  const ending = port.onChanged(() => void read());
  void read();

  function noteRefusal(place: string, kept: boolean): void {
    if (kept) refused.delete(place);
    else refused.add(place);
    const full = refused.size > 0;
    if (full === keeping.full) return;
    keeping = { ...keeping, full };
    tell();
  }

  function later(place: string, out: Outgoing, milliseconds: number): void {
    if (out.waiting) return;
    out.waiting = true;
    port.later(() => {
      out.waiting = false;
      void send(place, out);
    }, milliseconds);
  }

  /** A change of text leaves at once; a caret that only wanders is told now and then. */
  async function send(place: string, out: Outgoing): Promise<void> {
    if (out.busy || out.next === null || closed) return;
    const { next } = out;
    const { content } = next;
    const pause = out.sentAt + CARET_PAUSE - monotonic();
    if (content && out.sent && pause > 0 && sameFields(out.sent.fields, content.fields))
      return later(place, out, pause);
    out.next = null;
    out.busy = true;
    out.sent = content;
    out.sentAt = monotonic();
    try {
      const { kept } = content
        ? await port.call("drafts.keep", { place, content })
        : { kept: true, ...(await port.call("drafts.shred", { places: [place] })) };
      noteRefusal(place, kept);
      out.busy = false;
      void send(place, out);
    } catch {
      // What was typed must not be lost, and what was sent must not come back: tried again, unless something newer goes.
      out.busy = false;
      out.next ??= next;
      later(place, out, AGAIN);
    }
  }

  function hand(place: string, content: DraftContent | null): void {
    ours.add(place);
    const out = outgoing.get(place) ?? { next: null, busy: false, waiting: false, sent: null, sentAt: 0 };
    outgoing.set(place, out);
    out.next = { content };
    void send(place, out);
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    held: (place) => held.get(place),
    places: () => known,
    keeping: () => keeping,
    keep(place, content) {
      held.set(place, { content, cameBackFrom: null });
      hand(place, content);
    },
    shred(place) {
      const was = held.delete(place);
      // Also while an older draft of this place may still be on its way from the database.
      if (!was && ours.has(place)) return;
      hand(place, null);
      if (was) tell();
    },
    close() {
      closed = true;
      ending();
    },
  };
}

function cameBack({ savedAt, version, fields, caret }: Draft): HeldDraft {
  return { content: { version, fields, caret }, cameBackFrom: savedAt };
}
