import { z } from "zod";
import { momentSchema, uuidSchema } from "../clinical/identifiers";
import { failureCodes } from "../failure";

/** Where an answer was made: on this machine, on the hospital's premises, or outside. */
export const processingModes = ["this-machine", "on-premises", "outside"] as const;

export const modelViewSchema = z.strictObject({
  /** `offline` or the model's name as the server knows it. */
  name: z.string(),
  mode: z.enum(processingModes),
});
export type ModelView = z.infer<typeof modelViewSchema>;

export const usageSchema = z.strictObject({ promptTokens: z.int().min(0), completionTokens: z.int().min(0) });

const base = { chatId: uuidSchema, sequence: z.int().min(0) };

/** Everything that may happen while a question is answered. Events of one turn are numbered from 0 without a gap. */
export const turnEventSchema = z.discriminatedUnion("type", [
  z.strictObject({ ...base, type: z.literal("chunk"), delta: z.string() }),
  z.strictObject({
    ...base,
    type: z.literal("tool_call"),
    call_id: z.string(),
    tool_name: z.string(),
    arguments: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({
    ...base,
    type: z.literal("tool_result"),
    call_id: z.string(),
    tool_name: z.string(),
    ok: z.boolean(),
    code: z.string().nullable(),
    /** One line for the folded tool call: what came back or why not. */
    summary: z.string(),
    milliseconds: z.number(),
  }),
  z.strictObject({ ...base, type: z.literal("session_update"), title: z.string() }),
  z.strictObject({
    ...base,
    type: z.literal("end"),
    messageId: uuidSchema,
    /** True when the answer was stopped or broke off. */
    incomplete: z.boolean(),
    model: modelViewSchema,
    usage: usageSchema.nullable(),
  }),
  z.strictObject({
    ...base,
    type: z.literal("error"),
    code: z.enum(failureCodes),
    message: z.string(),
    retryAfterSeconds: z.number().nullable(),
  }),
]);
export type TurnEvent = z.infer<typeof turnEventSchema>;
/** An event before the channel numbers it. */
export type TurnStep = TurnEvent extends infer E
  ? E extends TurnEvent
    ? Omit<E, "chatId" | "sequence">
    : never
  : never;

export const toolCallViewSchema = z.strictObject({
  callId: z.string(),
  toolName: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  ok: z.boolean().nullable(),
  code: z.string().nullable(),
  summary: z.string(),
  milliseconds: z.number().nullable(),
});
export type ToolCallView = z.infer<typeof toolCallViewSchema>;

export const chatMessageSchema = z.strictObject({
  id: uuidSchema,
  author: z.enum(["person", "assistant"]),
  text: z.string(),
  at: momentSchema,
  toolCalls: z.array(toolCallViewSchema),
  incomplete: z.boolean(),
  model: modelViewSchema.nullable(),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

export const chatSchema = z.strictObject({
  id: uuidSchema,
  title: z.string(),
  createdAt: momentSchema,
  updatedAt: momentSchema,
});
export type Chat = z.infer<typeof chatSchema>;

/**
 * A link from an answer into the chart: `[text](chart:FCE57/records/ITEM-ID)`. The part after the patient number is a tab
 * of the chart, the last part the item's id in that tab; both optional. Nothing else is a link in an answer.
 */
export const chartLinkPattern =
  /^chart:([A-Z0-9]{3,12})(?:\/(overview|vitals|medications|records|diagnoses|treatment|appointments|admissions|identity)(?:\/([0-9a-f-]{36}))?)?$/u;

export const standingDisclaimer =
  "A suggestion from stored chart data, not a clinical decision. Check the chart before you act.";
