import { authenticatorOf } from "./second-factor";

/** Answers the next code; waits where the one of the coming time step was used already. */
export type NextCode = () => Promise<string>;

const STEP = 30_000;
const stepNow = () => Math.floor(Date.now() / STEP);

/**
 * An authenticator app in somebody's hand. PostgreSQL takes the codes of this time step and of its
 * two neighbours, each once and only forwards, so three codes follow each other without waiting.
 */
export function openAuthenticator(secret: string): NextCode {
  const app = authenticatorOf(secret.replaceAll(/\s/gu, ""));
  let last = -1;
  return async () => {
    // Before the step ends the one before it may be too old by the time it arrives, on a machine that is starved for a while.
    const late = Date.now() % STEP > STEP / 3;
    const step = Math.max(stepNow() - (late ? 0 : 1), last + 1);
    while (stepNow() + 1 < step) await new Promise((resolve) => setTimeout(resolve, 500));
    last = step;
    return app.code(step - stepNow());
  };
}
