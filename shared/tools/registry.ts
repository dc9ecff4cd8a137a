import type { z } from "zod";
import { may } from "../access/role-permissions";
import type { Role } from "../access/roles";
import { alertTools } from "./alert-tools";
import { auditTools } from "./audit-tools";
import { emergencyTools } from "./emergency-tools";
import { observationTools } from "./observation-tools";
import { patientTools } from "./patient-tools";
import { snapshotTools } from "./snapshot-tools";
import { wardTools } from "./ward-tools";

/** Every tool that exists. A name that is not here is no tool for anybody. */
export const tools = {
  ...patientTools,
  ...wardTools,
  ...auditTools,
  ...alertTools,
  ...emergencyTools,
  ...snapshotTools,
  ...observationTools,
} as const;

export type ToolName = keyof typeof tools;
export type ToolInput<N extends ToolName> = z.input<(typeof tools)[N]["input"]>;
export type ToolArguments<N extends ToolName> = z.output<(typeof tools)[N]["input"]>;
export type ToolOutput<N extends ToolName> = z.output<(typeof tools)[N]["output"]>;

export const toolNames = Object.keys(tools) as [ToolName, ...ToolName[]];

/** The tools that models and MCP clients can be offered, whatever the role. */
export const offeredToolNames = toolNames.filter((name) => tools[name].offered);

/** The tools a role is offered; the door decides again on every call. */
export function toolsFor(role: Role): ToolName[] {
  return offeredToolNames.filter((name) => may(role, tools[name].permission));
}

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}
