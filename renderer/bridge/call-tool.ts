import { type ToolInput, type ToolName, type ToolOutput, tools } from "../../shared/tools/registry";
import { call } from "./call";

/** Calls one tool through the door as the person who is signed in; the answer is parsed once more by the tool's own schema. */
export async function callTool<N extends ToolName>(name: N, args: ToolInput<N>): Promise<ToolOutput<N>> {
  const value = await call("tool.call", { name, arguments: args });
  return tools[name].output.parse(value) as ToolOutput<N>;
}
