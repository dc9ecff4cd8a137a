import type { Chat, ChatMessage, ModelView, ToolCallView, TurnEvent } from "../../shared/assistant/turn";
import type { Failure } from "../../shared/failure";

/** An answer under way, or one that broke off and may be tried again. */
export interface Turn {
  /**
   * `catching-up` is an answer whose beginning this page did not hear: its events are passed over, and the chat is
   * asked for again when it ends, because half an answer shown as a whole one would be a lie.
   */
  readonly phase: "asking" | "answering" | "catching-up" | "failed";
  readonly text: string;
  readonly toolCalls: readonly ToolCallView[];
  /** The sequence number that comes next. */
  readonly next: number;
  /** Events that came before their turn. */
  readonly waiting: readonly TurnEvent[];
  readonly failure: (Failure & { readonly retryAfterSeconds: number | null }) | null;
}

/** One chat as it is shown: what is settled, and the turn that is not. */
export interface Conversation {
  readonly chatId: string;
  readonly title: string | null;
  readonly loaded: boolean;
  readonly messages: readonly ChatMessage[];
  readonly turn: Turn | null;
  /** True when the chat must be asked for again to be right. */
  readonly stale: boolean;
  /** How the last answer ended while this page listened; for the spoken status. */
  readonly ended: "complete" | "incomplete" | "failed" | null;
}

export type ConversationAction =
  | {
      readonly type: "opened";
      readonly chat: Chat;
      readonly messages: readonly ChatMessage[];
      readonly answering: boolean;
    }
  | { readonly type: "asking"; readonly temporaryId: string; readonly text: string; readonly at: string }
  | { readonly type: "asked"; readonly temporaryId: string; readonly messageId: string }
  | { readonly type: "ask-refused"; readonly temporaryId: string; readonly turn: Turn | null }
  | { readonly type: "retrying" }
  | { readonly type: "retry-refused"; readonly failure: Failure }
  | { readonly type: "event"; readonly event: TurnEvent; readonly at: string };

const freshTurn: Turn = { phase: "asking", text: "", toolCalls: [], next: 0, waiting: [], failure: null };

/** A chat of which nothing is known yet. */
export function emptyConversation(chatId: string): Conversation {
  return { chatId, title: null, loaded: false, messages: [], turn: null, stale: false, ended: null };
}

/** Whether an answer is under way, so that Stop means something and a second question does not. */
export function isAnswering(conversation: Conversation): boolean {
  return conversation.turn !== null && conversation.turn.phase !== "failed";
}

/** Whether events were lost or are late: something waits for an event that has not come. */
export function hasGap(conversation: Conversation): boolean {
  return (conversation.turn?.waiting.length ?? 0) > 0;
}

/** Whether the last question has no whole answer, so that trying again makes sense. */
export function canRetry(conversation: Conversation): boolean {
  if (isAnswering(conversation)) return false;
  if (conversation.turn?.phase === "failed") return true;
  const last = conversation.messages.at(-1);
  return last !== undefined && (last.author === "person" || last.incomplete);
}

/** Folds one action into a conversation. Pure: the clock and new ids come with the action. */
export function conversationReducer(state: Conversation, action: ConversationAction): Conversation {
  switch (action.type) {
    case "opened":
      return opened(state, action);
    case "asking":
      return {
        ...state,
        messages: [
          ...settleBrokenAnswer(state, action.temporaryId, action.at),
          {
            id: action.temporaryId,
            author: "person",
            text: action.text,
            at: action.at,
            toolCalls: [],
            incomplete: false,
            model: null,
          },
        ],
        turn: freshTurn,
        ended: null,
      };
    case "asked":
      return {
        ...state,
        messages: state.messages.map((message) =>
          message.id === action.temporaryId ? { ...message, id: action.messageId } : message,
        ),
      };
    case "ask-refused":
      return {
        ...state,
        // As it was before: what broke off earlier can still be tried again.
        messages: state.messages.filter((message) => !message.id.startsWith(action.temporaryId)),
        turn: action.turn?.phase === "failed" ? action.turn : null,
      };
    case "retrying":
      return { ...state, messages: withoutBrokenAnswer(state.messages), turn: freshTurn, ended: null };
    case "retry-refused":
      return { ...state, turn: failedWith(state.turn ?? freshTurn, { ...action.failure, retryAfterSeconds: null }) };
    case "event":
      return received(state, action.event, action.at);
  }
}

function opened(state: Conversation, action: ConversationAction & { type: "opened" }): Conversation {
  const known = { ...state, title: action.chat.title, loaded: true, stale: false };
  const turn = state.turn;
  // A question on its way, or an answer heard without a hole, is newer than what the database had to say.
  if (turn?.phase === "asking" || (turn?.phase === "answering" && !hasGap(state)))
    return state.loaded ? known : { ...known, messages: withoutBrokenAnswer(action.messages) };
  if (action.answering) return { ...known, messages: action.messages, turn: { ...freshTurn, phase: "catching-up" } };
  if (turn?.phase === "failed" && action.messages.at(-1)?.author === "assistant")
    return { ...known, messages: action.messages, turn: { ...turn, text: "", toolCalls: [] } };
  return { ...known, messages: action.messages, turn: turn?.phase === "failed" ? turn : null };
}

function received(state: Conversation, event: TurnEvent, at: string): Conversation {
  if (event.chatId !== state.chatId) return state;
  if (event.type === "session_update" && state.title !== event.title) state = { ...state, title: event.title };
  const turn = state.turn;
  if (turn?.phase === "catching-up") return isLast(event) ? { ...state, turn: null, stale: true } : state;
  const running = turn !== null && (turn.phase !== "failed" || event.sequence === turn.next) ? turn : null;
  if (running === null)
    // Number 0 opens a turn that another window or a retry began; any other number is the middle of one we missed.
    return event.sequence === 0
      ? inOrder({ ...state, ended: null }, freshTurn, [event], at)
      : isLast(event)
        ? { ...state, stale: turn === null }
        : { ...state, turn: { ...freshTurn, phase: "catching-up" } };
  if (event.sequence < running.next) return state;
  return inOrder(state, running, [...running.waiting.filter((other) => other.sequence !== event.sequence), event], at);
}

/** Applies every event whose turn has come and keeps the others waiting. */
function inOrder(state: Conversation, from: Turn, events: readonly TurnEvent[], at: string): Conversation {
  let turn = from;
  let waiting = events;
  for (;;) {
    const event = waiting.find((candidate) => candidate.sequence === turn.next);
    if (!event) return { ...state, turn: { ...turn, waiting } };
    waiting = waiting.filter((candidate) => candidate !== event);
    const next = { ...turn, next: turn.next + 1 };
    if (event.type === "end") return ended(state, next, event, at);
    if (event.type === "error") {
      const { code, message, retryAfterSeconds } = event;
      return {
        ...state,
        turn: failedWith({ ...next, waiting: [] }, { code, message, retryAfterSeconds }),
        ended: "failed",
      };
    }
    turn = applied(next, event);
  }
}

function applied(turn: Turn, event: TurnEvent): Turn {
  const answering = { ...turn, phase: "answering" } as const;
  switch (event.type) {
    case "chunk":
      return { ...answering, text: turn.text + event.delta };
    case "tool_call":
      return { ...answering, toolCalls: [...turn.toolCalls, calling(event.call_id, event.tool_name, event.arguments)] };
    case "tool_result": {
      const { ok, code, summary, milliseconds } = event;
      const index = turn.toolCalls.findIndex((call) => call.callId === event.call_id && call.ok === null);
      const call = turn.toolCalls[index] ?? calling(event.call_id, event.tool_name, {});
      const answered = { ...call, ok, code, summary, milliseconds };
      return {
        ...answering,
        toolCalls: index < 0 ? [...turn.toolCalls, answered] : turn.toolCalls.with(index, answered),
      };
    }
    default:
      return answering;
  }
}

function ended(state: Conversation, turn: Turn, event: TurnEvent & { type: "end" }, at: string): Conversation {
  const answer = brokenAnswer(turn, event.messageId, at, event.incomplete, event.model);
  const others = state.messages.filter((message) => message.id !== event.messageId);
  // After an error the end only tells under which id the fragment was kept; the error stays in view.
  const rest = turn.phase === "failed" ? { ...turn, text: "", toolCalls: [] } : null;
  return {
    ...state,
    messages: [...others, answer],
    turn: rest,
    ended: rest ? "failed" : event.incomplete ? "incomplete" : "complete",
  };
}

function isLast(event: TurnEvent): boolean {
  return event.type === "end" || event.type === "error";
}

function failedWith(turn: Turn, failure: NonNullable<Turn["failure"]>): Turn {
  return { ...turn, phase: "failed", failure };
}

function calling(callId: string, toolName: string, given: Record<string, unknown>): ToolCallView {
  return { callId, toolName, arguments: given, ok: null, code: null, summary: "", milliseconds: null };
}

function brokenAnswer(turn: Turn, id: string, at: string, incomplete: boolean, model: ModelView | null): ChatMessage {
  return { id, author: "assistant", text: turn.text, at, toolCalls: [...turn.toolCalls], incomplete, model };
}

/** What broke off stays readable, marked as incomplete, when the person asks something else. */
function settleBrokenAnswer(state: Conversation, temporaryId: string, at: string): readonly ChatMessage[] {
  const turn = state.turn;
  if (turn?.phase !== "failed" || (turn.text === "" && turn.toolCalls.length === 0)) return state.messages;
  return [...state.messages, brokenAnswer(turn, `${temporaryId}-before`, at, true, null)];
}

function withoutBrokenAnswer(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = messages.at(-1);
  return last?.author === "assistant" && last.incomplete ? messages.slice(0, -1) : messages;
}
