import type { CommandInput, CommandName, CommandOutput } from "./contract";
import type { EventName, EventPayload } from "./events";
import type { Outcome } from "./outcome";

/** `window.ward`: all that a page can see of the machine. */
export interface WardApi {
  call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Outcome<CommandOutput<N>>>;
  /** Subscribes; the answer ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}
