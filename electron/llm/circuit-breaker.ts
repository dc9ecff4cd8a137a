export interface CircuitBreaker {
  /** Seconds until the next attempt is allowed; 0 when one is allowed now. */
  secondsClosed(): number;
  succeeded(): void;
  failed(): void;
}

/**
 * Spares a nurse from waiting again and again for a server that does not answer. After `threshold` failures in a row it
 * refuses for `restMilliseconds`; then one attempt decides.
 */
export function createCircuitBreaker(options: {
  readonly threshold: number;
  readonly restMilliseconds: number;
  readonly monotonic: () => number;
}): CircuitBreaker {
  let failuresInARow = 0;
  let closedUntil = Number.NEGATIVE_INFINITY;
  return {
    secondsClosed: () => Math.max(0, Math.ceil((closedUntil - options.monotonic()) / 1000)),
    succeeded() {
      failuresInARow = 0;
      closedUntil = Number.NEGATIVE_INFINITY;
    },
    failed() {
      failuresInARow += 1;
      if (failuresInARow >= options.threshold) closedUntil = options.monotonic() + options.restMilliseconds;
    },
  };
}
