import type { Role } from "../../shared/access/roles";
import type { ToolArguments, ToolName, ToolOutput } from "../../shared/tools/registry";
import type { Query } from "../database/pool";
import type { KeyRing } from "../sealing/key-ring";

/** What a tool's `run` may use: an opened, announced, read-only request, and the world it is handed. */
export interface ToolContext {
  readonly query: Query;
  readonly role: Role;
  readonly now: Date;
  /** The person's field keys, with those of these ids where the person may have them. */
  readonly fieldKeys: (ids: readonly string[]) => Promise<KeyRing | undefined>;
  /** Compares the audit with the anchors that are kept outside the database; undefined where this caller keeps none. */
  readonly anchors?: ((query: Query) => Promise<AnchorVerdict>) | undefined;
}

/** What the comparison with the anchors found. */
export type AnchorVerdict = ToolOutput<"verify_audit_chain">["anchors"];

/**
 * Reads what the tool answers. The value is parsed by the tool's own output schema behind it, so a column too many or a
 * wrong type is an error here and never reaches anybody.
 */
export type ToolRun<N extends ToolName> = (context: ToolContext, input: ToolArguments<N>) => Promise<unknown>;
export type ToolRuns = { readonly [N in ToolName]: ToolRun<N> };

/** What the announcement of a call names besides the tool. */
export function announcedScope(input: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(typeof input["patient_id"] === "string" ? { patient: input["patient_id"] } : {}),
    ...(typeof input["ward"] === "string" ? { ward: input["ward"] } : {}),
    ...(typeof input["query"] === "string" ? { query: input["query"] } : {}),
  };
}
