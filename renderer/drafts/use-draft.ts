import {
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { type DraftCaret, type DraftContent, earlierPlace } from "../../shared/drafts/draft";
import { onCaret, readCaret, restoreCaret } from "./caret";
import type { HeldDraft } from "./draft-store";
import { useDrafts } from "./drafts-of";
import { emptied, type Fields, isUntouched, sameCaret, sameFields } from "./fields";

export interface DraftOptions {
  /**
   * What the form is for: a word for the form and what it is about, such as `vital-signs|FCE57` or `chat-message|<chat>`.
   * One form on the screen for each place. Null while it is not known; nothing is kept then.
   */
  readonly place: string | null;
  /** Raise it when the fields of the form change their meaning. */
  readonly version: number;
  /** Everything in the form as text, by name: what is typed and what is chosen. */
  readonly fields: Fields;
  /** The same while nobody has typed anything; all empty where this is left out. A form in this state holds no draft. */
  readonly blank?: Fields;
  /** Puts texts into the form's own state. Names that the form does not know any more are its own to pass over. */
  readonly restore: (fields: Fields, version: number) => void;
  /** Around the fields. A field takes part in "the same caret" when its `name` is its name in `fields`. */
  readonly form: RefObject<HTMLElement | null>;
  /** True while what was typed is on its way to be saved or sent: until it is known how that went, the draft stays as it is. */
  readonly held?: boolean;
}

export interface DraftState {
  /**
   * `back`: what is in the form was typed before a lock, a crash, or elsewhere. `other`: something else was typed here
   * earlier, and is not shown. `discarded` and `replaced`: what was in the form can be had again.
   */
  readonly kind: "none" | "back" | "other" | "discarded" | "replaced";
  /** When it was typed, ISO 8601, where that is known. */
  readonly at: string | null;
  /** Takes what came back out of the form; or destroys the other text. */
  discard(): void;
  /** Puts the discarded, the replaced or the other text into the form. */
  putBack(): void;
  /** Call it when what was typed is saved or sent: the draft is destroyed, here, in the database and on every workstation. */
  settle(): void;
}

interface Told {
  readonly place: string | null;
  readonly kind: DraftState["kind"];
  readonly at: string | null;
  readonly content: DraftContent | null;
}
const quiet: Told = { place: null, kind: "none", at: null, content: null };

/**
 * Keeps what is typed into a form for its person: after a lock, a crash, a switch of user or on another workstation it is in
 * the form again, with the caret where it was. Show `<DraftLine draft={draft} />` near the form, so that the person knows.
 *
 *     const form = useRef<HTMLFormElement>(null);
 *     const draft = useDraft({ place: `vital-signs|${patientId}`, version: 1, fields: typed, restore: setTyped, form });
 *     const save = useMutation({ mutationFn: ..., onSuccess: () => { draft.settle(); setTyped(empty); } });
 *     <form ref={form}> <DraftLine draft={draft} /> <TextField name="heart_rate" ... /> </form>
 *
 * Nothing is to be done at a lock: every change has left this page by then. Outside a session nothing is kept.
 */
export function useDraft(options: DraftOptions): DraftState {
  const { place, fields, form } = options;
  const store = useDrafts();
  const blank = options.blank ?? emptied(fields);
  const untouched = isUntouched(fields, blank);
  const found = useHeld(place);
  const earlier = useHeld(place === null ? null : earlierPlace(place));
  const [told, setTold] = useState<Told>(quiet);
  const said = told.place === place ? told : quiet;
  const written = JSON.stringify(fields);

  const caret = useRef<DraftCaret | null>(null);
  /** What the form held when something was put into it: until that has arrived, the form is not the draft. */
  const restoring = useRef<string | null>(null);
  const wanted = useRef<DraftCaret | null>(null);
  /** Text that is settled: it is no draft again until it changes. */
  const settled = useRef<Fields | null>(null);

  const putInto = (content: DraftContent) => {
    caret.current = content.caret;
    if (sameFields(content.fields, fields)) {
      if (content.caret && form.current) restoreCaret(form.current, content.caret);
      return;
    }
    wanted.current = content.caret;
    restoring.current = written;
    options.restore(content.fields, content.version);
  };

  // What was kept of this place comes into a form in which nothing was typed yet; it never overwrites what was.
  const meet = useEffectEvent((held: HeldDraft) => {
    const { content, cameBackFrom } = held;
    if (untouched || sameFields(content.fields, fields)) {
      setTold({ place, kind: "back", at: cameBackFrom, content });
      putInto(content);
    } else setTold({ place, kind: "other", at: cameBackFrom, content });
  });
  const returned = found?.cameBackFrom ? found : undefined;
  useEffect(() => {
    if (returned) meet(returned);
  }, [returned]);
  // This page's own, when the form was away for a while. Only then: what is emptied under one's hands stays empty.
  const resume = useEffectEvent((at: string) => {
    const own = store?.held(at);
    if (own?.cameBackFrom === null && untouched && !sameFields(own.content.fields, fields)) putInto(own.content);
  });
  useEffect(() => {
    if (place !== null) resume(place);
  }, [place]);

  const change = useEffectEvent(() => {
    if (!store || place === null || options.held) return;
    if (restoring.current === written) return;
    restoring.current = null;
    if (settled.current && sameFields(settled.current, fields)) return;
    settled.current = null;
    const kept = store.held(place);
    if (untouched) {
      if (kept) store.shred(place);
      return;
    }
    const now = readCaret(form.current);
    // While the keyboard is elsewhere the caret's place is remembered, but it is not where the hands are.
    caret.current = now ?? (caret.current && { ...caret.current, focused: false });
    const { content } = kept ?? {};
    if (content && sameFields(content.fields, fields) && sameCaret(content.caret, caret.current)) return;
    store.keep(place, { version: options.version, fields: { ...fields }, caret: caret.current });
  });
  useLayoutEffect(() => {
    if (restoring.current === null || restoring.current === written) return;
    if (wanted.current && form.current) restoreCaret(form.current, wanted.current);
    wanted.current = null;
  }, [written, form]);
  useEffect(() => {
    change();
    // `written` stands for the fields, which are a new object with each drawing.
  }, [written, place, options.held, store]);
  const moved = useEffectEvent(() => {
    if (restoring.current === null) change();
  });
  useEffect(() => onCaret(form, () => moved()), [form]);
  // The form is taken off the screen or turns to another place; when the whole page is destroyed nothing runs any more.
  const leave = useEffectEvent((left: string | null) => {
    caret.current = null;
    const content = left === null ? undefined : store?.held(left)?.content;
    // Whoever goes elsewhere on the screen finds the text again, but the keyboard stays where they went.
    if (left !== null && content?.caret?.focused)
      store?.keep(left, { ...content, caret: { ...content.caret, focused: false } });
  });
  useEffect(() => () => leave(place), [place]);

  const other = said.kind === "other" ? said : earlier ? { content: earlier.content, at: earlier.cameBackFrom } : null;
  const kind = visible(said.kind, untouched) === "none" && other ? "other" : visible(said.kind, untouched);
  const forgetOther = () => {
    if (place !== null && earlier) store?.shred(earlierPlace(place));
  };
  const tell = (next: DraftState["kind"]) =>
    setTold({ place, kind: next, at: null, content: { version: options.version, fields, caret: caret.current } });
  return {
    kind,
    at: kind === "other" ? (other?.at ?? null) : said.at,
    discard: () => {
      if (kind === "other") {
        forgetOther();
        setTold(quiet);
        return;
      }
      tell("discarded");
      options.restore(blank, options.version);
    },
    putBack: () => {
      const content = kind === "other" ? other?.content : said.content;
      if (kind === "other") forgetOther();
      if (kind === "other" && !untouched) tell("replaced");
      else setTold(quiet);
      if (content) putInto(content);
    },
    settle: () => {
      settled.current = fields;
      setTold(quiet);
      if (place !== null) store?.shred(place);
    },
  };
}

const subscribeToNothing = () => () => undefined;

function useHeld(place: string | null): HeldDraft | undefined {
  const store = useDrafts();
  return useSyncExternalStore(store?.subscribe ?? subscribeToNothing, () =>
    store && place !== null ? store.held(place) : undefined,
  );
}

/** A line about text that is gone from the form, or about its absence when something stands there, would mislead. */
function visible(kind: DraftState["kind"], untouched: boolean): DraftState["kind"] {
  if (kind === "discarded") return untouched ? kind : "none";
  if (kind === "back" || kind === "replaced") return untouched ? "none" : kind;
  return kind;
}
