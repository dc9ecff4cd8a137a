import { useEffect, useSyncExternalStore } from "react";
import type { SessionView } from "../../shared/session/session-state";
import { bridge } from "../bridge/bridge";
import { call } from "../bridge/call";
import { nowMilliseconds } from "../design/clock";
import type { Conversation } from "./conversation";
import { type ConversationStore, createConversationStore } from "./conversation-store";

let current: { readonly owner: string; readonly store: ConversationStore } | null = null;

/**
 * The store of the person who is signed in. It outlives page and dock, so that an answer under way is not cut when one
 * becomes the other; another person, or another sign-in, begins with an empty one.
 */
export function conversationsOf(session: SessionView): ConversationStore {
  const owner = `${session.person.staffId} ${session.signedInAt}`;
  if (current?.owner !== owner) {
    current?.store.close();
    current = {
      owner,
      store: createConversationStore({
        call,
        onEvent: (listener) => bridge().on("assistant.event", listener),
        now: () => new Date(nowMilliseconds()).toISOString(),
        newId: () => crypto.randomUUID(),
        later: (work, milliseconds) => void setTimeout(work, milliseconds),
      }),
    };
  }
  return current.store;
}

/** One chat as it is now; asked for once when it is first shown. Null while no chat is chosen. */
export function useConversation(store: ConversationStore, chatId: string | undefined): Conversation | null {
  const state = useSyncExternalStore(store.subscribe, () => (chatId ? store.get(chatId) : null));
  const loaded = state?.loaded ?? true;
  useEffect(() => {
    if (chatId && !loaded) void store.open(chatId);
  }, [store, chatId, loaded]);
  return state;
}

/** What was typed into a chat's composer and not sent. */
export function useDraft(store: ConversationStore, chatId: string): readonly [string, (text: string) => void] {
  const draft = useSyncExternalStore(store.subscribe, () => store.draft(chatId));
  return [draft, (text) => store.setDraft(chatId, text)];
}
