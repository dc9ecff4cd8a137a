import type { TurnEvent } from "../../shared/assistant/turn";
import type { Failure } from "../../shared/failure";
import type { CommandInput, CommandName, CommandOutput } from "../../shared/ipc/contract";
import { failureOf } from "../bridge/bridge-failure";
import {
  type Conversation,
  type ConversationAction,
  conversationReducer,
  emptyConversation,
  hasGap,
  isAnswering,
} from "./conversation";

/** What the store needs of the world. */
export interface ConversationPort {
  call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  onEvent(listener: (event: TurnEvent) => void): () => void;
  /** The moment, ISO 8601. */
  now(): string;
  newId(): string;
  later(work: () => void, milliseconds: number): void;
}

/** The conversations of the person who is signed in, kept while pages and dock come and go. */
export interface ConversationStore {
  subscribe(listener: () => void): () => void;
  get(chatId: string): Conversation;
  /** What was typed and not yet sent; the empty string stands for a chat that does not exist yet. */
  draft(chatId: string): string;
  setDraft(chatId: string, text: string): void;
  /** Why a chat could not be opened; null when it could or was not tried. */
  openFailure(chatId: string): Failure | null;
  open(chatId: string): Promise<void>;
  /** Makes a chat and answers its id, or why there is none. */
  create(): Promise<{ readonly chatId: string } | { readonly failure: Failure }>;
  /** Answers null, or why the question was not taken. */
  ask(chatId: string, text: string, patientId: string | undefined): Promise<Failure | null>;
  retry(chatId: string): Promise<void>;
  stop(chatId: string): Promise<Failure | null>;
  close(): void;
}

/** How long an event that overtook another may wait before the whole chat is asked for. */
const patience = 250;

/** Makes the store; it listens from the first moment, so that an answer goes on while no chat is on the screen. */
export function createConversationStore(port: ConversationPort): ConversationStore {
  const conversations = new Map<string, Conversation>();
  const drafts = new Map<string, string>();
  const openFailures = new Map<string, Failure>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const get = (chatId: string): Conversation => {
    const known = conversations.get(chatId) ?? emptyConversation(chatId);
    // Kept, so that the same object is answered until something changes.
    conversations.set(chatId, known);
    return known;
  };
  const dispatch = (chatId: string, action: ConversationAction): Conversation => {
    const next = conversationReducer(get(chatId), action);
    conversations.set(chatId, next);
    tell();
    return next;
  };

  const open = async (chatId: string): Promise<void> => {
    try {
      const answer = await port.call("chats.open", { chatId });
      openFailures.delete(chatId);
      dispatch(chatId, { type: "opened", ...answer });
    } catch (error) {
      openFailures.set(chatId, failureOf(error));
      tell();
    }
  };

  const ending = port.onEvent((event) => {
    const state = dispatch(event.chatId, { type: "event", event, at: port.now() });
    if (state.stale) void open(event.chatId);
    if (hasGap(state))
      port.later(() => {
        if (hasGap(get(event.chatId))) void open(event.chatId);
      }, patience);
  });

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get,
    draft: (chatId) => drafts.get(chatId) ?? "",
    setDraft(chatId, text) {
      if (text === "") drafts.delete(chatId);
      else drafts.set(chatId, text);
      tell();
    },
    openFailure: (chatId) => openFailures.get(chatId) ?? null,
    open,
    async create() {
      try {
        const chat = await port.call("chats.create", {});
        dispatch(chat.id, { type: "opened", chat, messages: [], answering: false });
        return { chatId: chat.id };
      } catch (error) {
        return { failure: failureOf(error) };
      }
    },
    async ask(chatId, text, patientId) {
      const temporaryId = port.newId();
      const before = get(chatId).turn;
      dispatch(chatId, { type: "asking", temporaryId, text, at: port.now() });
      try {
        const { messageId } = await port.call(
          "assistant.ask",
          patientId === undefined ? { chatId, text } : { chatId, text, patientId },
        );
        dispatch(chatId, { type: "asked", temporaryId, messageId });
        return null;
      } catch (error) {
        dispatch(chatId, { type: "ask-refused", temporaryId, turn: before });
        return failureOf(error);
      }
    },
    async retry(chatId) {
      if (isAnswering(get(chatId))) return;
      dispatch(chatId, { type: "retrying" });
      try {
        await port.call("assistant.retry", { chatId });
      } catch (error) {
        dispatch(chatId, { type: "retry-refused", failure: failureOf(error) });
      }
    },
    async stop(chatId) {
      try {
        await port.call("assistant.stop", { chatId });
        return null;
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => ending(),
  };
}
