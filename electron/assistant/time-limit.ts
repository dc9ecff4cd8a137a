/** A signal that follows another one and also ends by itself after a while. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Whether time ran out, rather than somebody stopping. */
  readonly reached: boolean;
  end(): void;
}

export function startTimeLimit(milliseconds: number, outer: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let reached = false;
  const follow = () => controller.abort();
  if (outer.aborted) follow();
  else outer.addEventListener("abort", follow, { once: true });
  const timer = setTimeout(() => {
    reached = !controller.signal.aborted;
    controller.abort();
  }, milliseconds);
  return {
    signal: controller.signal,
    get reached() {
      return reached;
    },
    end() {
      clearTimeout(timer);
      outer.removeEventListener("abort", follow);
    },
  };
}
