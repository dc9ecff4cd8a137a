import type { z } from "zod";
import type { Permission } from "../access/permissions";

/**
 * What an announcement of a tool names, and so what the database binds the request to: one patient, a ward's patients,
 * the patients that a search finds, the person's own data, the hospital's schedules, or the audit.
 */
export type Scope = "patient" | "ward" | "search" | "own" | "hospital" | "audit";

export interface ToolDeclaration<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** Words for a person: the tool's name in a menu. */
  readonly title: string;
  /** Words for a model: what it answers and when to call it. */
  readonly description: string;
  readonly effect: "read" | "write";
  /** Without it the tool is denied. */
  readonly permission: Permission;
  /** Everything the tool may disclose; what the role lacks of these is withheld field by field, here and in PostgreSQL. */
  readonly discloses: readonly Permission[];
  readonly scope: Scope;
  readonly audit: "ACCESS" | "PHI_ACCESS" | "AUDIT_READ" | "WARD_SNAPSHOT";
  /** Offered to models and MCP clients; false for what only a screen asks. */
  readonly offered: boolean;
  readonly input: Input;
  readonly output: Output;
}

/** Declares one tool. Its `run` lives in electron/tools; everything else about it is derived from this declaration. */
export function declareTool<Input extends z.ZodType, Output extends z.ZodType>(
  declaration: ToolDeclaration<Input, Output>,
): ToolDeclaration<Input, Output> {
  return declaration;
}
