import type { ChatMessage, ToolCallView } from "../../shared/assistant/turn";
import type { ChatStore } from "./chat-store";

/**
 * Keeps half an answer between two saves and when a save is not possible any more, sealed for the person who asked.
 * Nothing of it ever fails: what cannot be kept is lost at the worst by the seconds since the last save.
 */
export interface HalfAnswers {
  /** Every piece that arrives; the newest takes the place of the one before. */
  keep(chatId: string, half: ChatMessage): void;
  of(chatId: string): Promise<ChatMessage | undefined>;
  settle(chatId: string): void;
}

/** The answer of one turn while it grows, and its way into the chat. */
export interface HalfAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCallView[];
  add(delta: string): void;
  called(view: ToolCallView): void;
  /** Saves what there is when the last save is old enough; never waits and never fails: the next one holds more. */
  checkpoint(): void;
  /** Saves and waits. An answer without a word and without a tool call leaves nothing behind. */
  save(incomplete: boolean): Promise<void>;
}

export function createHalfAnswer(options: {
  readonly chats: ChatStore;
  readonly halves?: HalfAnswers | undefined;
  readonly chatId: string;
  readonly start: Pick<ChatMessage, "id" | "at" | "model">;
  readonly monotonic: () => number;
  readonly checkpointMilliseconds: number;
}): HalfAnswer {
  const calls = new Map<string, ToolCallView>();
  let text = "";
  let savedAt = options.monotonic();
  // Appends run one after the other, so that an older half can never replace a newer one.
  let saving: Promise<void> = Promise.resolve();

  const message = (incomplete: boolean): ChatMessage => ({
    ...options.start,
    author: "assistant",
    text,
    toolCalls: [...calls.values()],
    incomplete,
  });

  const keep = () => quietly(() => options.halves?.keep(options.chatId, message(true)));

  return {
    get text() {
      return text;
    },
    get toolCalls() {
      return [...calls.values()];
    },
    add(delta) {
      text += delta;
      keep();
    },
    called(view) {
      calls.set(view.callId, view);
      keep();
    },
    checkpoint() {
      if (options.monotonic() - savedAt < options.checkpointMilliseconds) return;
      savedAt = options.monotonic();
      const half = message(true);
      saving = saving.then(() => options.chats.append(options.chatId, half)).catch(() => undefined);
    },
    async save(incomplete) {
      await saving;
      if (text === "" && calls.size === 0) return;
      await options.chats.append(options.chatId, message(incomplete));
      quietly(() => options.halves?.settle(options.chatId));
    },
  };
}

/** After a lock nobody keeps anything any more; what came before it is kept. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The answer goes on without.
  }
}

/**
 * A chat with the half answer that broke off in it, as far as it had come. The chat gets it for good where it can be saved;
 * `live` is an answer that is still being written, which saves itself.
 */
export async function withHalfAnswer<Opened extends { readonly messages: ChatMessage[] }>(
  opened: Opened,
  chatId: string,
  world: { readonly chats: ChatStore; readonly halves?: HalfAnswers | undefined; readonly live: boolean },
): Promise<Opened> {
  const half = await world.halves?.of(chatId).catch(() => undefined);
  if (!half) return opened;
  const at = opened.messages.findIndex(({ id }) => id === half.id);
  const saved = opened.messages[at];
  const isOlder = saved && (!saved.incomplete || saved.text.length > half.text.length);
  if (!isOlder && !world.live) await world.chats.append(chatId, half);
  if (!world.live) quietly(() => world.halves?.settle(chatId));
  if (isOlder) return opened;
  return { ...opened, messages: saved ? opened.messages.with(at, half) : [...opened.messages, half] };
}
