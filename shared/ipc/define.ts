import type { z } from "zod";

/** The session a command needs: none, an active one, or a locked one. Anything else is refused before its input is read. */
export type SessionNeed = "none" | "active" | "locked";

export interface CommandDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly session: SessionNeed;
  readonly input: Input;
  readonly output: Output;
}

/** Defines one command of the bridge. Its key in the contract is its name on the wire. */
export function command<Input extends z.ZodType, Output extends z.ZodType>(
  session: SessionNeed,
  input: Input,
  output: Output,
): CommandDefinition<Input, Output> {
  return { session, input, output };
}
