import { z } from "zod";
import { chatMessageSchema, chatSchema } from "../assistant/turn";
import { patientNumberSchema, uuidSchema } from "../clinical/identifiers";
import { command } from "./define";

const nothing = z.strictObject({});
const chatId = z.strictObject({ chatId: uuidSchema });

export const assistantCommands = {
  "chats.list": command("active", nothing, z.strictObject({ chats: z.array(chatSchema) })),
  "chats.create": command("active", nothing, chatSchema),
  "chats.open": command(
    "active",
    chatId,
    z.strictObject({ chat: chatSchema, messages: z.array(chatMessageSchema), answering: z.boolean() }),
  ),
  "chats.rename": command(
    "active",
    z.strictObject({ chatId: uuidSchema, title: z.string().trim().min(1).max(120) }),
    chatSchema,
  ),
  "chats.delete": command("active", chatId, nothing),
  /** Starts a turn; what happens arrives as `assistant.event`. `patientId` is the chart that is open beside the chat. */
  "assistant.ask": command(
    "active",
    z.strictObject({
      chatId: uuidSchema,
      text: z.string().trim().min(1).max(8000),
      patientId: patientNumberSchema.optional(),
    }),
    z.strictObject({ messageId: uuidSchema }),
  ),
  /** Answers the last question of the chat once more, after an error or a stop. */
  "assistant.retry": command("active", chatId, nothing),
  "assistant.stop": command("active", chatId, nothing),
} as const;
