import type { Model, ModelRequest, ModelStep } from "../../electron/llm/model";
import { createOpenAiModel, type ModelLimits } from "../../electron/llm/openai-model";
import { Refusal } from "../../shared/failure";
import type { ModelServer } from "./model-server";

/**
 * Short pauses, and a breaker that stays out of the way. The limits of silence are the app's own: a busy machine is no
 * silent model, and what tests a limit sets that one.
 */
export const quick: Partial<ModelLimits> = {
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
}

/** One question, to its end. `heard` is told every step as it comes. */
export async function ask(
  model: Model,
  signal = new AbortController().signal,
  heard: (step: ModelStep) => void = () => undefined,
): Promise<Result> {
  const steps: ModelStep[] = [];
  let code: string | null = null;
  let retryAfterSeconds: number | null = null;
  try {
    for await (const step of model.stream(question, signal)) {
      steps.push(step);
      heard(step);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    code = error.failure.code;
    retryAfterSeconds = (error as { retryAfterSeconds?: number | null }).retryAfterSeconds ?? null;
  }
  const text = steps.map((step) => (step.type === "text" ? step.delta : "")).join("");
  return { text, steps, code, retryAfterSeconds };
}

export const callsOf = (result: Result) => result.steps.filter((step) => step.type === "tool_call");
