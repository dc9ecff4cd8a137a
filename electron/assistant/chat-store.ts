import type { Chat, ChatMessage, ModelView } from "../../shared/assistant/turn";

/**
 * The chats of the person who is signed in, sealed under that person's own key before they reach PostgreSQL.
 * Every method acts as the person of the current session and throws a `Refusal` where that is not possible.
 */
export interface ChatStore {
  list(): Promise<Chat[]>;
  create(title: string): Promise<Chat>;
  /** Throws `Refusal("CHAT_NOT_FOUND")` for an unknown chat and for another person's alike. */
  open(chatId: string): Promise<{ chat: Chat; messages: ChatMessage[] }>;
  rename(chatId: string, title: string): Promise<Chat>;
  remove(chatId: string): Promise<void>;
  /** Commits before it resolves. A second append of the same message id replaces the first (a retried answer). */
  append(chatId: string, message: ChatMessage): Promise<void>;
  /** One row of token use; zero tokens for the offline assistant. */
  recordUsage(use: { chatId: string; model: ModelView; promptTokens: number; completionTokens: number }): Promise<void>;
  /** Audit entry LLM_CALL: the model's name and mode, sizes and outcome; never content. */
  recordModelCall(call: { chatId: string; model: ModelView; outcome: string; toolCalls: number }): Promise<void>;
}
