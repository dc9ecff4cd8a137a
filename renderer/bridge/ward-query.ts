import { queryOptions } from "@tanstack/react-query";
import type { CommandInput, CommandName } from "../../shared/ipc/contract";
import type { ToolInput, ToolName } from "../../shared/tools/registry";
import { call } from "./call";
import { callTool } from "./call-tool";

/** Query options for any reading command: `useQuery(commandQuery("app.status", {}))`. */
export function commandQuery<N extends CommandName>(name: N, input: CommandInput<N>) {
  return queryOptions({ queryKey: ["command", name, input] as const, queryFn: () => call(name, input) });
}

/** Query options for any reading tool: `useQuery(toolQuery("get_allergies", { patient_id }))`. */
export function toolQuery<N extends ToolName>(name: N, args: ToolInput<N>) {
  return queryOptions({ queryKey: ["tool", name, args] as const, queryFn: () => callTool(name, args) });
}
