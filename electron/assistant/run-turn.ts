import type { Role } from "../../shared/access/roles";
import type { Chat, ChatMessage, TurnStep } from "../../shared/assistant/turn";
import { type Failure, failure, Refusal } from "../../shared/failure";
import { type Model, ModelFailure, type ModelMessage, type ModelToolCall, type ToolSpec } from "../llm/model";
import type { McpOutcome, McpToolClient } from "../mcp/mcp-tool-client";
import type { ChatStore } from "./chat-store";
import { type ConversationLimits, toConversation } from "./conversation";
import { createHalfAnswer, type HalfAnswer, type HalfAnswers } from "./half-answer";
import type { Instructions } from "./instructions";
import { resultText } from "./result-text";
import { summarize } from "./summaries";
import { startTimeLimit } from "./time-limit";
import { titleFromCall, titleFromWords } from "./title";

export interface TurnLimits {
  readonly toolCalls: number;
  readonly milliseconds: number;
  readonly tokens: number;
  readonly checkpointMilliseconds: number;
  readonly conversation: ConversationLimits;
}

export const turnLimits: TurnLimits = {
  toolCalls: 8,
  milliseconds: 60_000,
  tokens: 60_000,
  checkpointMilliseconds: 1_500,
  conversation: { messages: 30, characters: 40_000 },
};

export interface TurnWorld {
  readonly chats: ChatStore;
  readonly halves?: HalfAnswers | undefined;
  readonly model: Model;
  readonly tools: McpToolClient;
  readonly role: Role;
  readonly instructions: Instructions;
  readonly now: () => Date;
  readonly monotonic: () => number;
  readonly limits: TurnLimits;
}

export interface Turn {
  readonly chat: Chat;
  /** The chat up to and including the question. */
  readonly messages: readonly ChatMessage[];
  readonly answerId: string;
  readonly patientId?: string | undefined;
  readonly signal: AbortSignal;
  /** Whether the chat still waits for its first title. */
  readonly untitled: () => boolean;
  /** Whether what there is of the answer is still wanted; false when the chat was deleted meanwhile. */
  readonly wanted: () => boolean;
}

interface Use {
  promptTokens: number;
  completionTokens: number;
  reported: boolean;
}

/** Answers one question. Never throws: what goes wrong is the last step, and what came before it is kept as incomplete. */
export async function* runTurn(world: TurnWorld, turn: Turn): AsyncGenerator<TurnStep> {
  const limit = startTimeLimit(world.limits.milliseconds, turn.signal);
  const answer = createHalfAnswer({
    chats: world.chats,
    halves: world.halves,
    chatId: turn.chat.id,
    start: { id: turn.answerId, at: world.now().toISOString(), model: world.model.view },
    monotonic: world.monotonic,
    checkpointMilliseconds: world.limits.checkpointMilliseconds,
  });
  const use: Use = { promptTokens: 0, completionTokens: 0, reported: false };
  try {
    // What leaves this machine is written down before it does: an answer that is cut off has left all the same.
    if (world.model.view.mode !== "this-machine")
      await world.chats.recordModelCall({
        chatId: turn.chat.id,
        model: world.model.view,
        outcome: "sent",
        toolCalls: 0,
      });
    yield* converse(world, turn, answer, use, limit.signal);
    if (turn.wanted()) await answer.save(false);
    yield* retitle(world, turn, titleFromWords(turn.messages.at(-1)?.text ?? ""));
    await record(world, turn, answer, use, "answered");
    yield ended(world, turn, use, false);
  } catch (error) {
    const found = limit.reached ? new ModelFailure("TURN_LIMIT") : error;
    const reason = failureOf(found);
    if (turn.wanted()) await answer.save(true).catch(() => undefined);
    await record(world, turn, answer, use, reason.code).catch(() => undefined);
    if (reason.code === "STOPPED") yield ended(world, turn, use, true);
    else {
      const retryAfterSeconds = found instanceof ModelFailure ? found.retryAfterSeconds : null;
      yield { type: "error", code: reason.code, message: reason.message, retryAfterSeconds };
    }
  } finally {
    limit.end();
  }
}

async function* converse(
  world: TurnWorld,
  turn: Turn,
  answer: HalfAnswer,
  use: Use,
  signal: AbortSignal,
): AsyncGenerator<TurnStep> {
  const { model, limits } = world;
  const tools = (await world.tools.listTools()).map(
    (tool): ToolSpec => ({ name: tool.name, description: tool.description, parameters: tool.inputSchema }),
  );
  const context = { role: world.role, ...(turn.patientId !== undefined && { patientId: turn.patientId }) };
  const messages: ModelMessage[] = [
    { author: "instructions", text: world.instructions({ ...context, now: world.now() }) },
    ...toConversation(turn.messages, limits.conversation, model.view.mode),
  ];
  for (let made = 0; ; ) {
    const calls: (ModelToolCall & { readonly readable: boolean })[] = [];
    let spoken = "";
    let reported = false;
    for await (const step of model.stream({ ...context, messages, tools }, signal)) {
      if (signal.aborted) throw new Refusal("STOPPED");
      if (step.type === "text") {
        const delta = spoken === "" && needsBreak(answer.text) ? `\n\n${step.delta}` : step.delta;
        spoken += step.delta;
        answer.add(delta);
        yield { type: "chunk", delta };
        answer.checkpoint();
      } else if (step.type === "tool_call") calls.push(step);
      else if (step.type === "usage") {
        reported = true;
        use.reported = true;
        use.promptTokens += step.promptTokens;
        use.completionTokens += step.completionTokens;
      }
    }
    if (!reported && model.resultCharacters !== null) estimate(use, messages, spoken);
    if (calls.length === 0) return;
    made += calls.length;
    if (made > limits.toolCalls || use.promptTokens + use.completionTokens > limits.tokens)
      throw new ModelFailure("TURN_LIMIT");
    messages.push({ author: "assistant", text: spoken, toolCalls: calls });
    yield* callTools(world, turn, answer, calls, messages, signal);
  }
}

/** Makes a round of calls at the same time; results come back in the order of the calls. */
async function* callTools(
  world: TurnWorld,
  turn: Turn,
  answer: HalfAnswer,
  calls: readonly (ModelToolCall & { readonly readable: boolean })[],
  messages: ModelMessage[],
  signal: AbortSignal,
): AsyncGenerator<TurnStep> {
  const running = calls.map(async (call) => {
    const started = world.monotonic();
    const outcome: McpOutcome = call.readable
      ? await world.tools.call(call.name, call.arguments, signal)
      : { ok: false, failure: failure("INVALID_INPUT", "The arguments were not a JSON object.") };
    return { outcome, milliseconds: Math.round((world.monotonic() - started) * 10) / 10 };
  });
  // One that is awaited later must not count as unhandled meanwhile.
  for (const one of running) one.catch(() => undefined);
  const callIdOf = (call: ModelToolCall) => `${answer.toolCalls.length + 1}-${call.id}`.slice(0, 80);
  const views = calls.map((call) => {
    const view = { callId: callIdOf(call), toolName: call.name, arguments: { ...call.arguments } };
    answer.called({ ...view, ok: null, code: null, summary: "", milliseconds: null });
    return view;
  });
  for (const view of views)
    yield { type: "tool_call", call_id: view.callId, tool_name: view.toolName, arguments: view.arguments };
  for (const [place, call] of calls.entries()) {
    const view = views[place];
    const result = await running[place];
    if (!view || !result) continue;
    const { outcome, milliseconds } = result;
    const code = outcome.ok ? null : outcome.failure.code;
    const summary = summarize(call.name, outcome);
    answer.called({ ...view, ok: outcome.ok, code, summary, milliseconds });
    const content = resultText(outcome, world.model.resultCharacters);
    messages.push({ author: "tool", callId: call.id, toolName: call.name, ok: outcome.ok, content });
    yield {
      type: "tool_result",
      call_id: view.callId,
      tool_name: view.toolName,
      ok: outcome.ok,
      code,
      summary,
      milliseconds,
    };
    if (outcome.ok) yield* retitle(world, turn, titleFromCall(call.name, call.arguments));
  }
}

async function* retitle(world: TurnWorld, turn: Turn, title: string | undefined): AsyncGenerator<TurnStep> {
  if (title === undefined || !turn.wanted() || !turn.untitled()) return;
  const chat = await world.chats.rename(turn.chat.id, title);
  yield { type: "session_update", title: chat.title };
}

function needsBreak(text: string): boolean {
  return text !== "" && !text.endsWith("\n");
}

/** A server that reports no usage is measured by length, so that the token budget holds for it too. */
function estimate(use: Use, messages: readonly ModelMessage[], spoken: string): void {
  const sent = messages.reduce((sum, message) => sum + ("text" in message ? message.text : message.content).length, 0);
  use.promptTokens += Math.ceil(sent / 4);
  use.completionTokens += Math.ceil(spoken.length / 4);
}

async function record(world: TurnWorld, turn: Turn, answer: HalfAnswer, use: Use, outcome: string): Promise<void> {
  const chatId = turn.chat.id;
  const model = world.model.view;
  await world.chats.recordModelCall({ chatId, model, outcome, toolCalls: answer.toolCalls.length });
  const { promptTokens, completionTokens } = use;
  await world.chats.recordUsage({ chatId, model, promptTokens, completionTokens });
}

function ended(world: TurnWorld, turn: Turn, use: Use, incomplete: boolean): TurnStep {
  const { promptTokens, completionTokens, reported } = use;
  const usage = reported ? { promptTokens, completionTokens } : null;
  return { type: "end", messageId: turn.answerId, incomplete, model: world.model.view, usage };
}

function failureOf(error: unknown): Failure {
  return error instanceof Refusal ? error.failure : failure("UNEXPECTED");
}
