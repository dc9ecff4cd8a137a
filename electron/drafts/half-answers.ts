import { type ChatMessage, chatMessageSchema } from "../../shared/assistant/turn";
import type { DraftVault } from "./vault";

const placeOf = (chatId: string) => `~answer|${chatId}`;

/**
 * Half an answer of the assistant is kept like a draft of the person who asked: with every piece that arrives, so that a lock
 * or a crash in the middle loses nothing that was on the screen.
 */
export function createHalfAnswers(vault: DraftVault) {
  return {
    keep(chatId: string, { text, ...answer }: ChatMessage): void {
      vault.keep(placeOf(chatId), { version: 1, fields: { text, answer: JSON.stringify(answer) }, caret: null });
    },
    async of(chatId: string): Promise<ChatMessage | undefined> {
      const fields = (await vault.content(placeOf(chatId)))?.fields;
      if (!fields) return undefined;
      return chatMessageSchema.parse({ ...JSON.parse(fields["answer"] ?? ""), text: fields["text"] ?? "" });
    },
    settle(chatId: string): void {
      vault.shred([placeOf(chatId)]);
    },
  };
}
