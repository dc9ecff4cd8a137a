import type { Role } from "../../shared/access/roles";
import type { Chat, ChatMessage, TurnEvent, TurnStep } from "../../shared/assistant/turn";
import { Refusal } from "../../shared/failure";
import type { Model } from "../llm/model";
import type { McpToolClient } from "../mcp/mcp-tool-client";
import type { ChatStore } from "./chat-store";
import { type HalfAnswers, withHalfAnswer } from "./half-answer";
import type { Instructions } from "./instructions";
import { runTurn, type TurnLimits, turnLimits } from "./run-turn";
import { untitled } from "./title";

export interface AssistantOptions {
  readonly chats: ChatStore;
  /** Without it a lock or a crash loses what came since the last save. */
  readonly halves?: HalfAnswers;
  readonly model: Model;
  /** Connects to the tools with the rights of the person who is signed in; called once a turn and closed after it. */
  readonly tools: () => Promise<McpToolClient>;
  /** The role of the person who is signed in; throws a `Refusal` when nobody is. */
  readonly role: () => Role;
  readonly instructions: Instructions;
  readonly now: () => Date;
  readonly monotonic: () => number;
  readonly newId: () => string;
  readonly announce: (event: TurnEvent) => void;
  readonly limits?: Partial<TurnLimits>;
}

export interface Assistant {
  list(): Promise<Chat[]>;
  create(): Promise<Chat>;
  open(chatId: string): Promise<{ chat: Chat; messages: ChatMessage[]; answering: boolean }>;
  rename(chatId: string, title: string): Promise<Chat>;
  remove(chatId: string): Promise<void>;
  /** Saves the question, starts the answer and resolves with the question's id; the answer arrives as events. */
  ask(question: { chatId: string; text: string; patientId?: string | undefined }): Promise<{ messageId: string }>;
  /** Answers the last question of the chat once more, in place of the answer it had. */
  retry(chatId: string): Promise<void>;
  /** Stops an answer; what there is of it stays, marked incomplete. */
  stop(chatId: string): Promise<void>;
  /**
   * For the lock: every answer is aborted before this returns, and from here on nothing is announced. The promise
   * resolves when the halves are saved or could not be; give it a short limit.
   */
  stopAll(): Promise<void>;
}

interface Running {
  readonly controller: AbortController;
  silent: boolean;
  unwanted: boolean;
  titled: boolean;
  done: Promise<void>;
}

export function createAssistant(options: AssistantOptions): Assistant {
  const { chats, halves } = options;
  const limits = { ...turnLimits, ...options.limits };
  const running = new Map<string, Running>();
  /** The chart that was open when a chat's last question was asked, for a retry. Forgotten with the lock. */
  const lastPatient = new Map<string, string | undefined>();

  const openWhole = async (chatId: string, live: boolean) =>
    withHalfAnswer(await chats.open(chatId), chatId, { chats, halves, live });

  /** Gives the chat's place up; one that somebody else has taken since is theirs. */
  function leave(chatId: string, place: Running): void {
    if (running.get(chatId) === place) running.delete(chatId);
  }

  /** Takes the chat's only place before anything is awaited, so that two questions at once cannot both get it. */
  async function occupy<T>(chatId: string, prepare: (place: Running) => Promise<T>): Promise<T> {
    if (running.has(chatId)) throw new Refusal("CHAT_BUSY");
    const place: Running = {
      controller: new AbortController(),
      silent: false,
      unwanted: false,
      titled: false,
      done: Promise.resolve(),
    };
    running.set(chatId, place);
    try {
      return await prepare(place);
    } catch (error) {
      leave(chatId, place);
      throw error;
    }
  }

  function start(place: Running, chat: Chat, messages: readonly ChatMessage[], answerId: string): void {
    place.titled = chat.title !== untitled;
    place.done = answer(place, chat, messages, answerId)
      // Only a listener that throws gets here, and there is nobody left to tell.
      .catch(() => undefined)
      .finally(() => leave(chat.id, place));
  }

  async function answer(place: Running, chat: Chat, messages: readonly ChatMessage[], answerId: string): Promise<void> {
    let sequence = 0;
    const announce = (step: TurnStep) => {
      if (!place.silent) options.announce({ ...step, chatId: chat.id, sequence: sequence++ } as TurnEvent);
    };
    let tools: McpToolClient | undefined;
    try {
      tools = await options.tools();
      const world = { ...options, limits, tools, role: options.role() };
      const turn = {
        chat,
        messages,
        answerId,
        patientId: lastPatient.get(chat.id),
        signal: place.controller.signal,
        untitled: () => !place.titled,
        wanted: () => !place.unwanted,
      };
      let last: TurnStep | undefined;
      for await (const step of runTurn(world, turn)) {
        if (step.type === "session_update") place.titled = true;
        // The place is free before the last event is heard, so that a listener may ask again at once.
        if (step.type === "end" || step.type === "error") last = step;
        else announce(step);
      }
      leave(chat.id, place);
      if (last) announce(last);
    } catch (error) {
      const { code, message } = error instanceof Refusal ? error.failure : new Refusal("UNEXPECTED").failure;
      leave(chat.id, place);
      announce({ type: "error", code, message, retryAfterSeconds: null });
    } finally {
      await tools?.close().catch(() => undefined);
    }
  }

  return {
    list: () => chats.list(),
    create: () => chats.create(untitled),
    async open(chatId) {
      const opened = await openWhole(chatId, running.has(chatId));
      return { ...opened, answering: running.has(chatId) };
    },
    async rename(chatId, title) {
      const place = running.get(chatId);
      if (place) place.titled = true;
      return chats.rename(chatId, title);
    },
    async remove(chatId) {
      const place = running.get(chatId);
      if (place) {
        place.silent = true;
        place.unwanted = true;
        place.controller.abort();
        await place.done;
      }
      lastPatient.delete(chatId);
      await chats.remove(chatId);
    },
    ask({ chatId, text, patientId }) {
      return occupy(chatId, async (place) => {
        const { chat, messages } = await openWhole(chatId, false);
        const question: ChatMessage = {
          id: options.newId(),
          author: "person",
          text,
          at: options.now().toISOString(),
          toolCalls: [],
          incomplete: false,
          model: null,
        };
        await chats.append(chatId, question);
        lastPatient.set(chatId, patientId);
        start(place, chat, [...messages, question], options.newId());
        return { messageId: question.id };
      });
    },
    retry(chatId) {
      return occupy(chatId, async (place) => {
        const { chat, messages } = await openWhole(chatId, false);
        const asked = messages.findLastIndex((message) => message.author === "person");
        if (asked < 0) throw new Refusal("INVALID_INPUT", "There is no question in this chat to answer again.");
        const before = messages[asked + 1];
        start(place, chat, messages.slice(0, asked + 1), before?.id ?? options.newId());
      });
    },
    async stop(chatId) {
      const place = running.get(chatId);
      place?.controller.abort();
      await place?.done;
    },
    async stopAll() {
      const places = [...running.values()];
      for (const place of places) {
        place.silent = true;
        place.controller.abort();
      }
      lastPatient.clear();
      await Promise.all(places.map((place) => place.done));
    },
  };
}
