import { randomUUID } from "node:crypto";
import type { ChatStore } from "../../electron/assistant/chat-store";
import type { Chat, ChatMessage } from "../../shared/assistant/turn";
import { Refusal } from "../../shared/failure";
import { wardNow } from "./fictitious-ward";

export interface MemoryChats extends ChatStore {
  readonly usage: Parameters<ChatStore["recordUsage"]>[0][];
  readonly modelCalls: Parameters<ChatStore["recordModelCall"]>[0][];
  /** Every append, also those that a later one replaced. */
  readonly appended: ChatMessage[];
  locked: boolean;
}

/** Chats in memory, with the store's promises: same id replaces, unknown chats and locked stores refuse. */
export function createMemoryChats(): MemoryChats {
  const chats = new Map<string, { chat: Chat; messages: ChatMessage[] }>();
  const of = (chatId: string) => {
    if (store.locked) throw new Refusal("LOCKED");
    const found = chats.get(chatId);
    if (!found) throw new Refusal("CHAT_NOT_FOUND");
    return found;
  };
  const store: MemoryChats = {
    usage: [],
    modelCalls: [],
    appended: [],
    locked: false,
    list: async () => [...chats.values()].map(({ chat }) => chat),
    create: async (title) => {
      const at = wardNow.toISOString();
      const chat = { id: randomUUID(), title, createdAt: at, updatedAt: at };
      chats.set(chat.id, { chat, messages: [] });
      return chat;
    },
    open: async (chatId) => structuredClone(of(chatId)),
    rename: async (chatId, title) => {
      const found = of(chatId);
      found.chat = { ...found.chat, title };
      return found.chat;
    },
    remove: async (chatId) => {
      of(chatId);
      chats.delete(chatId);
    },
    append: async (chatId, message) => {
      const { messages } = of(chatId);
      const place = messages.findIndex(({ id }) => id === message.id);
      if (place >= 0) messages[place] = message;
      else messages.push(message);
      store.appended.push(message);
    },
    recordUsage: async (use) => void store.usage.push(use),
    recordModelCall: async (call) => void store.modelCalls.push(call),
  };
  return store;
}
