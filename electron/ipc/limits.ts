const MAXIMUM_BYTES = 256 * 1024;
const MAXIMUM_DEPTH = 24;

const MAXIMUM_LENGTH = 10_000;

/** Objects and arrays as JSON knows them: a page can also send maps, buffers and arrays with a billion holes. */
function plain(value: object): boolean {
  if (Array.isArray(value)) return value.length <= MAXIMUM_LENGTH;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !Object.hasOwn(value, "__proto__");
}

function shallowEnough(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  if (depth === 0 || !plain(value)) return false;
  return Object.values(value).every((part) => shallowEnough(part, depth - 1));
}

/** Whether a request from a page is plain, at most 256 KiB as JSON and not nested beyond reason. */
export function withinLimits(input: unknown): boolean {
  if (!shallowEnough(input, MAXIMUM_DEPTH)) return false;
  try {
    return Buffer.byteLength(JSON.stringify(input ?? null), "utf8") <= MAXIMUM_BYTES;
  } catch {
    return false;
  }
}

export interface TokenBucketOptions {
  /** Requests a second that flow in. */
  readonly rate: number;
  /** The most that can be saved up. */
  readonly burst: number;
  /** Milliseconds, monotonic. */
  readonly monotonic: () => number;
}

/** A page that runs wild is slowed; a person at the keyboard never notices. */
export function tokenBucket({ rate, burst, monotonic }: TokenBucketOptions): () => boolean {
  let tokens = burst;
  let last = monotonic();
  return () => {
    const now = monotonic();
    tokens = Math.min(burst, tokens + ((now - last) / 1000) * rate);
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
