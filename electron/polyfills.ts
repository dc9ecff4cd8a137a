/**
 * What the oldest supported runtime (Node 18.15 inside Electron 25) lacks and the bundled packages expect.
 * The first import of main.ts: modules that run after it see a complete world. Does nothing on a current runtime.
 */
import { File as NodeFile } from "node:buffer";
import { webcrypto } from "node:crypto";

function supply(target: object, name: string, value: unknown): void {
  if (name in target) return;
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

supply(globalThis, "crypto", webcrypto);
supply(globalThis, "File", NodeFile);

supply(
  globalThis,
  "CustomEvent",
  class CustomEvent<T> extends Event {
    readonly detail: T | null;
    constructor(type: string, options: { bubbles?: boolean; cancelable?: boolean; detail?: T } = {}) {
      super(type, options);
      this.detail = options.detail ?? null;
    }
  },
);

supply(Promise, "withResolvers", function withResolvers<T>(this: PromiseConstructor) {
  let resolve: unknown;
  let reject: unknown;
  const promise = new this<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
});

supply(AbortSignal, "any", (signals: Iterable<AbortSignal>): AbortSignal => {
  const controller = new AbortController();
  const watched = [...signals];
  const forward = (event: Event) => stop(event.target as AbortSignal);
  function stop(source: AbortSignal) {
    for (const signal of watched) signal.removeEventListener("abort", forward);
    controller.abort(source.reason);
  }
  const already = watched.find((signal) => signal.aborted);
  if (already) controller.abort(already.reason);
  else for (const signal of watched) signal.addEventListener("abort", forward);
  return controller.signal;
});

supply(URL, "canParse", (url: string, base?: string): boolean => {
  try {
    new URL(url, base);
    return true;
  } catch {
    return false;
  }
});
