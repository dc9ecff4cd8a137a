import OpenAI, { APIError, APIUserAbortError } from "openai";
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import { Refusal } from "../../shared/failure";
import { createAnswerReader } from "./answer-reader";
import { createCircuitBreaker } from "./circuit-breaker";
import { readEndpoint } from "./endpoint";
import { type Fetch, guardedFetch, type StreamLimits } from "./guarded-fetch";
import { type Model, ModelFailure, type ModelRequest, type ModelStep } from "./model";
import { type Diagnosis, diagnoseHttp } from "./model-errors";
import { toWireMessages, toWireTools } from "./openai-messages";
import { untilAborted, wait } from "./until-aborted";

export interface ModelLimits extends StreamLimits {
  readonly retries: number;
  /** The first pause before a retry; it doubles. */
  readonly backoffMilliseconds: number;
  /** The longest Retry-After that is waited for; a longer one is told to the person instead. */
  readonly longestWaitMilliseconds: number;
  readonly textCharacters: number;
  readonly breakerThreshold: number;
  readonly breakerRestMilliseconds: number;
}

export const modelLimits: ModelLimits = {
  firstByteMilliseconds: 15_000,
  idleMilliseconds: 20_000,
  lineBytes: 1_048_576,
  answerBytes: 16_777_216,
  retries: 2,
  backoffMilliseconds: 400,
  longestWaitMilliseconds: 8_000,
  textCharacters: 40_000,
  breakerThreshold: 3,
  breakerRestMilliseconds: 30_000,
};

export interface OpenAiModelOptions {
  readonly baseUrl?: string | undefined;
  /** Servers on the premises often ask for none. */
  readonly apiKey?: string | undefined;
  readonly model?: string | undefined;
  readonly fetch: Fetch;
  readonly now: () => Date;
  readonly monotonic: () => number;
  readonly limits?: Partial<ModelLimits>;
}

/** A model reached over the OpenAI protocol. Throws one line that names the variable when its settings are wrong. */
export function createOpenAiModel(options: OpenAiModelOptions): Model {
  const endpoint = readEndpoint(options.baseUrl || "https://api.openai.com/v1");
  const name = options.model || "gpt-4o-mini";
  if (endpoint.mode === "outside" && !options.apiKey) throw new Error("OPENAI_API_KEY is missing.");
  const limits = { ...modelLimits, ...options.limits };
  const breaker = createCircuitBreaker({
    threshold: limits.breakerThreshold,
    restMilliseconds: limits.breakerRestMilliseconds,
    monotonic: options.monotonic,
  });

  async function* attempt(request: ModelRequest, person: AbortSignal): AsyncGenerator<ModelStep> {
    const own = new AbortController();
    let fault: ModelFailure | undefined;
    const guard = guardedFetch(options.fetch, limits, (found) => {
      fault ??= found;
      own.abort();
    });
    const stop = () => own.abort();
    person.addEventListener("abort", stop, { once: true });
    const reader = createAnswerReader({
      textCharacters: limits.textCharacters,
      argumentCharacters: 65_536,
      toolCalls: 32,
    });
    try {
      const client = clientOf(endpoint.url, options.apiKey, guard.fetch);
      const stream = await untilAborted(
        Promise.resolve(client.chat.completions.create(wireRequest(name, request), { signal: own.signal })),
        person,
      );
      const chunks = stream[Symbol.asyncIterator]();
      for (;;) {
        const next = await untilAborted(chunks.next(), person);
        if (fault) throw fault;
        if (next.done) break;
        yield* reader.read(next.value);
      }
      yield* reader.finish();
    } catch (error) {
      throw fault ?? error;
    } finally {
      guard.rest();
      person.removeEventListener("abort", stop);
      own.abort();
    }
  }

  function diagnose(error: unknown, begun: boolean): Diagnosis {
    if (error instanceof ModelFailure) return { failure: error, mayRetry: false };
    if (error instanceof SyntaxError) return { failure: new ModelFailure("MODEL_GARBLED"), mayRetry: false };
    if (begun) return { failure: new ModelFailure("MODEL_STALLED"), mayRetry: false };
    if (error instanceof APIError && !(error instanceof APIUserAbortError)) return diagnoseHttp(error, options.now());
    return { failure: new ModelFailure("MODEL_UNAVAILABLE"), mayRetry: true };
  }

  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelStep> {
    const rest = breaker.secondsClosed();
    if (rest > 0) throw new ModelFailure("MODEL_UNAVAILABLE", { retryAfterSeconds: rest });
    for (let tried = 0; ; tried += 1) {
      let begun = false;
      try {
        for await (const step of attempt(request, signal)) {
          begun = true;
          yield step;
        }
        breaker.succeeded();
        return;
      } catch (error) {
        if (signal.aborted) throw new Refusal("STOPPED");
        const { failure, mayRetry } = diagnose(error, begun);
        const pause =
          failure.retryAfterSeconds === null
            ? limits.backoffMilliseconds * 2 ** tried
            : failure.retryAfterSeconds * 1000;
        if (!mayRetry || tried >= limits.retries || pause > limits.longestWaitMilliseconds) {
          const code = failure.failure.code;
          if (code === "MODEL_UNAVAILABLE" || code === "MODEL_STALLED") breaker.failed();
          throw failure;
        }
        await wait(pause, signal);
      }
    }
  }

  return {
    view: { name, mode: endpoint.mode },
    audience: endpoint.audience,
    resultCharacters: 24_000,
    stream,
  };
}

/** The SDK with nothing of its own will: no retries, no log, nothing read from the environment. */
function clientOf(baseURL: string, apiKey: string | undefined, fetch: Fetch): OpenAI {
  return new OpenAI({
    baseURL,
    apiKey: apiKey || "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: 120_000,
    logLevel: "off",
    fetch,
  });
}

function wireRequest(model: string, request: ModelRequest): ChatCompletionCreateParamsStreaming {
  const tools = toWireTools(request.tools);
  return {
    model,
    messages: toWireMessages(request.messages),
    stream: true,
    stream_options: { include_usage: true },
    ...(tools.length > 0 && { tools }),
  };
}
