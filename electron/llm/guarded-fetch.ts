import { ModelFailure } from "./model";

export interface StreamLimits {
  /** From the request to the first byte of the answer. */
  readonly firstByteMilliseconds: number;
  /** Between two complete lines of the answer: bytes that never end a line are no sign of life. */
  readonly idleMilliseconds: number;
  readonly lineBytes: number;
  readonly answerBytes: number;
}

export type Fetch = typeof globalThis.fetch;

/**
 * A fetch that watches the answer's bytes as they come: time limits, line and total length, UTF-8. A breach is told to
 * `onFault` and ends the stream. Redirects are refused, because they would carry the key elsewhere.
 */
export function guardedFetch(fetch: Fetch, limits: StreamLimits, onFault: (fault: ModelFailure) => void) {
  let timer: NodeJS.Timeout | undefined;
  const rest = () => clearTimeout(timer);
  const watch = (milliseconds: number, fault: ModelFailure) => {
    rest();
    timer = setTimeout(() => onFault(fault), milliseconds);
  };

  function inspector(): TransformStream<Uint8Array, Uint8Array> {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let total = 0;
    let line = 0;
    const garbled = (controller: TransformStreamDefaultController<Uint8Array>) => {
      const fault = new ModelFailure("MODEL_GARBLED");
      onFault(fault);
      controller.error(fault);
    };
    return new TransformStream({
      transform(chunk, controller) {
        if (total === 0) watch(limits.idleMilliseconds, new ModelFailure("MODEL_STALLED"));
        total += chunk.byteLength;
        const lastBreak = chunk.lastIndexOf(0x0a);
        if (lastBreak >= 0) watch(limits.idleMilliseconds, new ModelFailure("MODEL_STALLED"));
        line = lastBreak < 0 ? line + chunk.byteLength : chunk.byteLength - lastBreak - 1;
        if (line > limits.lineBytes || total > limits.answerBytes) return garbled(controller);
        try {
          decoder.decode(chunk, { stream: true });
        } catch {
          return garbled(controller);
        }
        controller.enqueue(chunk);
      },
      flush: rest,
    });
  }

  const guarded: Fetch = async (input, init) => {
    watch(limits.firstByteMilliseconds, new ModelFailure("MODEL_UNAVAILABLE"));
    const response = await fetch(input, { ...init, redirect: "error" });
    if (!response.body) return response;
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(inspector()), { status, statusText, headers });
  };
  return { fetch: guarded, rest };
}
