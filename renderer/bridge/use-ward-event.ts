import { useEffect, useEffectEvent } from "react";
import type { EventName, EventPayload } from "../../shared/ipc/events";
import { bridge } from "./bridge";

/** Listens to what the main process announces for as long as the component lives. */
export function useWardEvent<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): void {
  const heard = useEffectEvent(listener);
  useEffect(() => bridge().on(name, (payload) => heard(payload)), [name]);
}
