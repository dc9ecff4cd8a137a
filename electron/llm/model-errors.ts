import { ModelFailure } from "./model";

/** What an attempt's error means for the person, and whether another attempt may help. */
export interface Diagnosis {
  readonly failure: ModelFailure;
  readonly mayRetry: boolean;
}

/** The part of an HTTP error that is looked at; its body and message never leave this room. */
export interface HttpFault {
  readonly status: number | undefined;
  readonly code: string | null | undefined;
  readonly headers: Headers | undefined;
}

export function diagnoseHttp(fault: HttpFault, now: Date): Diagnosis {
  const { status } = fault;
  const retryAfterSeconds = fault.headers ? readRetryAfter(fault.headers, now) : null;
  if (status === 401 || status === 403) return { failure: new ModelFailure("MODEL_UNAUTHORIZED"), mayRetry: false };
  if (status === 429) {
    const spent = fault.code === "insufficient_quota";
    const message = spent ? "The language model's account has no budget left. Ask IT." : undefined;
    const failure = new ModelFailure("MODEL_RATE_LIMITED", { ...(message && { message }), retryAfterSeconds });
    return { failure, mayRetry: !spent };
  }
  if (status === undefined || status === 408 || status >= 500)
    return { failure: new ModelFailure("MODEL_UNAVAILABLE", { retryAfterSeconds }), mayRetry: true };
  const message = `The language model refused the request (status ${status}). The chart works on without it.`;
  return { failure: new ModelFailure("MODEL_UNAVAILABLE", { message }), mayRetry: false };
}

/** Retry-After in seconds, as a number or as a date; null when absent or unreadable. */
export function readRetryAfter(headers: Headers, now: Date): number | null {
  const text = headers.get("retry-after")?.trim();
  if (!text) return null;
  if (/^\d+(?:\.\d+)?$/u.test(text)) return Math.ceil(Number(text));
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : Math.max(0, Math.ceil((moment - now.getTime()) / 1000));
}
