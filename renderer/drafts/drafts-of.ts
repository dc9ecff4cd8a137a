import { createContext, useContext, useSyncExternalStore } from "react";
import type { SessionView } from "../../shared/session/session-state";
import { bridge } from "../bridge/bridge";
import { call } from "../bridge/call";
import { createDraftStore, type DraftStore } from "./draft-store";

let current: { readonly owner: string; readonly store: DraftStore } | null = null;

/** The store of the person who is signed in; another person, or another sign-in, begins with an empty one. */
export function draftsOf(session: SessionView): DraftStore {
  const owner = `${session.person.staffId} ${session.signedInAt}`;
  if (current?.owner !== owner) {
    current?.store.close();
    current = {
      owner,
      store: createDraftStore(
        {
          call,
          onChanged: (listener) => bridge().on("drafts.changed", listener),
          later: (work, milliseconds) => void setTimeout(work, milliseconds),
        },
        () => performance.now(),
      ),
    };
  }
  return current.store;
}

/** Null outside a session: a form there keeps nothing. */
export const DraftsContext = createContext<DraftStore | null>(null);

export function useDrafts(): DraftStore | null {
  return useContext(DraftsContext);
}

const subscribeToNothing = () => () => undefined;
const none: readonly string[] = [];

/** The places that hold a draft, for a screen that must open a form again before the form can ask for itself. */
export function useDraftPlaces(): readonly string[] {
  const store = useDrafts();
  return useSyncExternalStore(store?.subscribe ?? subscribeToNothing, () => store?.places() ?? none);
}
