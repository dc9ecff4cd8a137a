import type { ChatMessage, ToolCallView } from "../../shared/assistant/turn";
import type { ChatStore } from "./chat-store";

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

  return {
    get text() {
      return text;
    },
    get toolCalls() {
      return [...calls.values()];
    },
    add(delta) {
      text += delta;
    },
    called(view) {
      calls.set(view.callId, view);
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
    },
  };
}
