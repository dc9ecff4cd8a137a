import type { Fetch } from "./guarded-fetch";
import type { Model } from "./model";
import { createOfflineModel } from "./offline-model/offline-model";
import { createOpenAiModel } from "./openai-model";

export interface ModelChoice {
  /** A server of the OpenAI protocol; without one the built-in assistant answers. */
  readonly openai:
    | { readonly apiKey: string; readonly baseUrl: string | undefined; readonly model: string }
    | undefined;
  readonly fetch: Fetch;
  readonly now: () => Date;
  readonly monotonic: () => number;
}

/** The one model of this run. */
export function chooseModel({ openai, ...world }: ModelChoice): Model {
  return openai ? createOpenAiModel({ ...openai, ...world }) : createOfflineModel({ now: world.now });
}
