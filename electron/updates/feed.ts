import { FEED_FILE } from "./release";
import { UpdateRefused, UpdateUnreachable } from "./trouble";

export type Fetch = typeof globalThis.fetch;

export interface FeedLimits {
  /** Milliseconds until the first byte of an answer, and between two pieces of it. */
  readonly silence: number;
  /** Milliseconds for the feed's file as a whole. */
  readonly feed: number;
  /** Milliseconds for a package as a whole. */
  readonly download: number;
}
export const usualLimits: FeedLimits = { silence: 30_000, feed: 20_000, download: 3_600_000 };

const LONGEST_FEED = 256 * 1024;

/**
 * The bytes of one file in the feed's folder, as they come. A redirect is refused, wherever it leads: only the configured
 * folder is ever asked. Throws `UpdateRefused` or `UpdateUnreachable`.
 */
export async function* bytesOf(
  fetch: Fetch,
  address: { readonly feed: string; readonly name: string; readonly limit: number; readonly whole: number },
  limits: FeedLimits,
  stopped?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const url = new URL(address.name, address.feed);
  // The name was parsed already; this holds whatever becomes of that.
  if (!url.href.startsWith(address.feed) || url.href.slice(address.feed.length).includes("/"))
    throw new UpdateRefused("The feed names a file outside its own folder: nothing is installed.");
  const gaveUp = new AbortController();
  const onStop = () => gaveUp.abort();
  stopped?.addEventListener("abort", onStop);
  if (stopped?.aborted) gaveUp.abort();
  const total = setTimeout(() => gaveUp.abort(), address.whole);
  let silence = setTimeout(() => gaveUp.abort(), limits.silence);
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => gaveUp.abort(), limits.silence);
  };
  try {
    const response = await fetch(url.href, {
      redirect: "manual",
      signal: gaveUp.signal,
      credentials: "omit",
      headers: { "cache-control": "no-cache", "accept-encoding": "identity" },
    });
    heard();
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400))
      throw new UpdateRefused("The feed sends us to another address. That is refused: nothing is installed.");
    if (response.status !== 200)
      throw new UpdateUnreachable(`The feed answers with status ${response.status} instead of a file.`);
    const tooLong = () => new UpdateRefused("The feed sends more than it announced: nothing is installed.");
    if (Number(response.headers.get("content-length") ?? 0) > address.limit) throw tooLong();
    let length = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      heard();
      length += chunk.byteLength;
      if (length > address.limit) throw tooLong();
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UpdateRefused || error instanceof UpdateUnreachable) throw error;
    throw new UpdateUnreachable(
      gaveUp.signal.aborted
        ? "The feed does not answer in time."
        : "The feed cannot be reached, or its certificate is not trusted here.",
    );
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
    stopped?.removeEventListener("abort", onStop);
    // Ends the connection where somebody stopped reading half-way.
    gaveUp.abort();
  }
}

/** The feed's file, not yet believed in anything. */
export async function readFeed(fetch: Fetch, feed: string, limits: FeedLimits, stopped?: AbortSignal): Promise<string> {
  const address = { feed, name: FEED_FILE, limit: LONGEST_FEED, whole: limits.feed };
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of bytesOf(fetch, address, limits, stopped)) text += decoder.decode(chunk, { stream: true });
  return text.trim();
}
