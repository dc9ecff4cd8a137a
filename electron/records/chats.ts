import { randomUUID } from "node:crypto";
import { type Chat, type ChatMessage, chatMessageSchema } from "../../shared/assistant/turn";
import { Refusal } from "../../shared/failure";
import { readChats } from "../../shared/tools/announcements";
import type { Database, Query, Row } from "../database/pool";
import { open, type SealingKey, seal } from "../sealing/seal";

/** What the chats need of the session that is open now. */
export interface ChatOwner {
  databaseToken(): string;
  personalKey(): SealingKey;
  guarded<T>(work: () => Promise<T>): Promise<T>;
}

const titleOf = (chatId: string) => `chat|${chatId}|title`;
const messageOf = (chatId: string, messageId: string) => `chat|${chatId}|message|${messageId}`;

/**
 * The own chats in PostgreSQL, sealed here under the person's own key: the database and its administrators hold bytes.
 * Reading is announced like any other disclosure.
 */
export function createChatRecords(database: Database, owner: ChatOwner) {
  const statement: Query = (text, values) => owner.guarded(() => database.statement(text, values));

  async function read<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const token = owner.databaseToken();
    return owner.guarded(async () => {
      const [said] = await database.statement("SELECT announcement FROM api.announce($1, $2, '{\"own\": true}')", [
        token,
        readChats.name,
      ]);
      const announcement = said?.["announcement"];
      if (typeof announcement !== "string") throw new Refusal("RBAC_DENIED");
      return database.request(token, announcement, work);
    });
  }

  function chatOf(row: Row): Chat {
    const id = String(row["id"]);
    return {
      id,
      title: open(owner.personalKey(), row["title"] as Buffer, titleOf(id)),
      createdAt: String(row["created_at"]),
      updatedAt: String(row["updated_at"]),
    };
  }

  function messageFrom(chatId: string, row: Row): ChatMessage {
    const text = open(owner.personalKey(), row["content"] as Buffer, messageOf(chatId, String(row["id"])));
    return chatMessageSchema.parse(JSON.parse(text));
  }

  async function titled(call: "save_chat" | "rename_chat", chatId: string, title: string): Promise<Chat> {
    const sealed = seal(owner.personalKey(), title, titleOf(chatId));
    const [row] = await statement(`SELECT * FROM api.${call}($1, $2, $3)`, [owner.databaseToken(), chatId, sealed]);
    return { id: chatId, title, createdAt: String(row?.["created_at"]), updatedAt: String(row?.["updated_at"]) };
  }

  return {
    list: async (): Promise<Chat[]> => {
      const rows = await read((query) =>
        query("SELECT id, title, created_at, updated_at FROM api.chats ORDER BY updated_at DESC LIMIT 500"),
      );
      return rows.map(chatOf);
    },
    create: (title: string) => titled("save_chat", randomUUID(), title),
    open: async (chatId: string): Promise<{ chat: Chat; messages: ChatMessage[] }> => {
      const [chats, messages] = await read((query) =>
        Promise.all([
          query("SELECT id, title, created_at, updated_at FROM api.chats WHERE id = $1", [chatId]),
          query("SELECT id, content FROM api.chat_messages WHERE chat_id = $1 ORDER BY position", [chatId]),
        ]),
      );
      if (!chats[0]) throw new Refusal("CHAT_NOT_FOUND");
      return { chat: chatOf(chats[0]), messages: messages.map((row) => messageFrom(chatId, row)) };
    },
    rename: (chatId: string, title: string) => titled("rename_chat", chatId, title),
    remove: async (chatId: string): Promise<void> => {
      await statement("SELECT api.delete_chat($1, $2)", [owner.databaseToken(), chatId]);
    },
    append: async (chatId: string, message: ChatMessage): Promise<void> => {
      const sealed = seal(owner.personalKey(), JSON.stringify(message), messageOf(chatId, message.id));
      await statement("SELECT api.append_message($1, $2, $3, $4)", [owner.databaseToken(), chatId, message.id, sealed]);
    },
    recordUsage: async (use: {
      model: { name: string; mode: string };
      promptTokens: number;
      completionTokens: number;
    }): Promise<void> => {
      await statement("SELECT api.record_usage($1, $2, $3, $4, $5)", [
        owner.databaseToken(),
        use.model.name,
        use.model.mode,
        use.promptTokens,
        use.completionTokens,
      ]);
    },
    recordModelCall: async (call: {
      model: { name: string; mode: string };
      outcome: string;
      toolCalls: number;
    }): Promise<void> => {
      await statement("SELECT api.record_model_call($1, $2)", [
        owner.databaseToken(),
        JSON.stringify({
          model: call.model.name,
          mode: call.model.mode,
          outcome: call.outcome,
          toolCalls: call.toolCalls,
        }),
      ]);
    },
  };
}
