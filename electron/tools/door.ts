import type { Audience } from "../../shared/clinical/sensitivity";
import type { Failure } from "../../shared/failure";
import type { ToolName, ToolOutput } from "../../shared/tools/registry";

/** Who passes through the door: the person at the screen, the assistant on their behalf, or an MCP client of theirs. */
export type Via = "person" | "assistant" | "client";

export interface Caller {
  /** The person's access JWT. It is verified here, whatever a caller claims to be. */
  readonly accessToken: string;
  readonly audience: Audience;
  readonly via: Via;
  /** Why a masked field was revealed; goes into the audit entry. */
  readonly reason?: string;
}

export type ToolOutcome<N extends ToolName = ToolName> =
  | { readonly ok: true; readonly value: ToolOutput<N> }
  | { readonly ok: false; readonly failure: Failure };

/** The one way to patient data. Never throws: what went wrong is a failure with a code. */
export interface Door {
  execute<N extends ToolName>(name: N, input: unknown, caller: Caller): Promise<ToolOutcome<N>>;
  /** For names that come from outside (a model, an MCP client, the console); an unknown one is refused and audited. */
  executeNamed(name: string, input: unknown, caller: Caller): Promise<ToolOutcome>;
}
