import type { Role } from "../../shared/access/roles";
import type { ModelView } from "../../shared/assistant/turn";
import { type FailureCode, Refusal } from "../../shared/failure";

/** A tool as a model is told of it; made from MCP's tools/list, so it is already narrowed to the person's role. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A chat as a model sees it: every assistant message with tool calls is followed by one tool message a call. */
export type ModelMessage =
  | { readonly author: "instructions"; readonly text: string }
  | { readonly author: "person"; readonly text: string }
  | { readonly author: "assistant"; readonly text: string; readonly toolCalls: readonly ModelToolCall[] }
  | {
      readonly author: "tool";
      readonly callId: string;
      readonly toolName: string;
      readonly ok: boolean;
      /** JSON: the tool's output, `{ code, message }` of a failure, or `{ summary }` of a result of an earlier turn. */
      readonly content: string;
    };

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolSpec[];
  /** The role of the person who asks: wording only, the door decides. */
  readonly role: Role;
  /** The chart that is open beside the chat; context, never a right. */
  readonly patientId?: string;
}

export type ModelStep =
  | { readonly type: "text"; readonly delta: string }
  | ({
      readonly type: "tool_call";
      /** False when the model wrote arguments that are not a JSON object: such a call is answered, not made. */
      readonly readable: boolean;
    } & ModelToolCall)
  | { readonly type: "usage"; readonly promptTokens: number; readonly completionTokens: number }
  | { readonly type: "done" };

/** A language model, or what stands in for one. */
export interface Model {
  readonly view: ModelView;
  /** Who receives what this model is given; fixed, because tool results are redacted for it. */
  readonly audience: "local-model" | "remote-model";
  /** The most characters of one tool result that this model is given; null gives it whole. */
  readonly resultCharacters: number | null;
  /**
   * Answers once: text and tool calls as they come, then `done`. Throws a `ModelFailure`, and `Refusal("STOPPED")`
   * soon after `signal` is aborted.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelStep>;
}

/** Why a model gave no answer, or only a part of one. */
export class ModelFailure extends Refusal {
  readonly retryAfterSeconds: number | null;
  constructor(code: FailureCode, options: { message?: string; retryAfterSeconds?: number | null } = {}) {
    super(code, options.message);
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
