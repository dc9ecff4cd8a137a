import type { Model, ModelRequest, ModelStep } from "../../electron/llm/model";
import { createOpenAiModel, type ModelLimits } from "../../electron/llm/openai-model";
import { Refusal } from "../../shared/failure";
import type { ModelServer } from "./model-server";

/** Limits short enough for a test; the breaker stays out of the way. */
export const quick: Partial<ModelLimits> = {
  firstByteMilliseconds: 250,
  idleMilliseconds: 250,
  backoffMilliseconds: 10,
  breakerThreshold: 99,
};

export function modelWith(server: ModelServer, limits: Partial<ModelLimits> = {}): Model {
  return createOpenAiModel({
    baseUrl: server.url,
    apiKey: "key-for-tests",
    fetch: globalThis.fetch,
    now: () => new Date(),
    monotonic: () => performance.now(),
    limits: { ...quick, ...limits },
  });
}

const question: ModelRequest = {
  messages: [
    { author: "instructions", text: "Be brief." },
    { author: "person", text: "Hello?" },
  ],
  tools: [{ name: "list_ward", description: "The ward.", parameters: { type: "object" } }],
  role: "Nurse",
};

export interface Result {
  readonly text: string;
  readonly steps: readonly ModelStep[];
  readonly code: string | null;
  readonly retryAfterSeconds: number | null;
  readonly milliseconds: number;
}

/** One question, to its end. */
export async function ask(model: Model, signal = new AbortController().signal): Promise<Result> {
  const steps: ModelStep[] = [];
  const started = performance.now();
  let code: string | null = null;
  let retryAfterSeconds: number | null = null;
  try {
    for await (const step of model.stream(question, signal)) steps.push(step);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    code = error.failure.code;
    retryAfterSeconds = (error as { retryAfterSeconds?: number | null }).retryAfterSeconds ?? null;
  }
  const text = steps.map((step) => (step.type === "text" ? step.delta : "")).join("");
  return { text, steps, code, retryAfterSeconds, milliseconds: performance.now() - started };
}

export const callsOf = (result: Result) => result.steps.filter((step) => step.type === "tool_call");
