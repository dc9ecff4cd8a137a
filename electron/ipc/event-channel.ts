import type { TurnEvent } from "../../shared/assistant/turn";
import { type EventName, type EventPayload, events } from "../../shared/ipc/events";

/** The receiving end: one page, or nothing while there is none. */
export interface EventSink {
  send(channel: string, name: string, payload: unknown): void;
}

const CHANNEL = "ward.event";
/** One frame of a 60 Hz screen, in milliseconds: text that arrives within it travels together. */
const FRAME = 16;

/**
 * Pushes events to the page, in order, parsed on the way out. Chunks of one chat are joined for a frame; any other event
 * of that chat first sends what waits, so that the order holds. The joined chunk bears the sequence number of its first part
 * and the numbers of a turn are given here, without a gap.
 */
export function createEventChannel(sink: () => EventSink | undefined) {
  const waiting = new Map<string, { delta: string; timer: NodeJS.Timeout }>();
  const next = new Map<string, number>();

  function emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    sink()?.send(CHANNEL, name, events[name].parse(payload));
  }

  function numbered(event: TurnEvent): TurnEvent {
    const sequence = next.get(event.chatId) ?? 0;
    next.set(event.chatId, sequence + 1);
    return { ...event, sequence };
  }

  function flush(chatId: string): void {
    const held = waiting.get(chatId);
    if (!held) return;
    clearTimeout(held.timer);
    waiting.delete(chatId);
    emit("assistant.event", numbered({ type: "chunk", chatId, sequence: 0, delta: held.delta }));
  }

  return {
    announce<N extends Exclude<EventName, "assistant.event">>(name: N, payload: EventPayload<N>): void {
      emit(name, payload);
    },
    turn(event: TurnEvent): void {
      // A turn begins with number 0 at its source; from there on the numbers are the channel's.
      if (event.sequence === 0) {
        flush(event.chatId);
        next.set(event.chatId, 0);
      }
      if (event.type !== "chunk") {
        flush(event.chatId);
        emit("assistant.event", numbered(event));
        return;
      }
      const held = waiting.get(event.chatId);
      if (held) held.delta += event.delta;
      else waiting.set(event.chatId, { delta: event.delta, timer: setTimeout(() => flush(event.chatId), FRAME) });
    },
    /** After a lock nothing is pushed, also not what waited. */
    silence(): void {
      for (const held of waiting.values()) clearTimeout(held.timer);
      waiting.clear();
      next.clear();
    },
  };
}
