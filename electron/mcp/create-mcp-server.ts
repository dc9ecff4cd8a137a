import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Role } from "../../shared/access/roles";
import type { Audience } from "../../shared/clinical/sensitivity";
import { type Failure, failure, Refusal } from "../../shared/failure";
import { isToolName, type ToolName, tools, toolsFor } from "../../shared/tools/registry";
import type { Door, ToolOutcome, Via } from "../tools/door";

export interface McpServerOptions {
  readonly door: Door;
  /** The person's access JWT at the moment of a call; may throw a `Refusal` when nobody is signed in. */
  readonly accessToken: () => string | Promise<string>;
  readonly role: () => Role;
  /** Fixed when the server is made: no request can widen it. */
  readonly audience: Audience;
  readonly via: Via;
  readonly version?: string;
}

/** The door's registry, served over MCP. Every call of any name goes through the door, which decides and audits. */
export function createMcpServer(options: McpServerOptions): Server {
  const { door, audience, via } = options;
  // The low-level server: the high-level one parses arguments before the door could audit a refusal.
  const server = new Server(
    { name: "lamplight", title: "Lamplight", version: options.version ?? "1" },
    { capabilities: { tools: {} } },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: toolsFor(options.role()).map(describeTool) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }): Promise<CallToolResult> => {
    let accessToken: string;
    try {
      accessToken = await options.accessToken();
    } catch (error) {
      return failed(error instanceof Refusal ? error.failure : failure("NOT_SIGNED_IN"));
    }
    return answer(await door.executeNamed(params.name, params.arguments ?? {}, { accessToken, audience, via }));
  });
  return server;
}

const described = new Map<ToolName, Tool>();

/** A tool as MCP describes it; the same for everybody, so it is made once. */
export function describeTool(name: ToolName): Tool {
  const known = described.get(name);
  if (known) return known;
  const tool = tools[name];
  const description: Tool = {
    name,
    title: tool.title,
    description: tool.description,
    inputSchema: jsonSchema(tool.input, "input"),
    outputSchema: jsonSchema(tool.output, "output"),
    annotations: {
      title: tool.title,
      readOnlyHint: tool.effect === "read",
      destructiveHint: false,
      openWorldHint: false,
    },
  };
  described.set(name, description);
  return description;
}

/** Draft 7, because the SDK's own client compiles output schemas with a validator of that draft. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): Tool["inputSchema"] {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: "draft-7" });
  return rest as Tool["inputSchema"];
}

function answer(outcome: ToolOutcome): CallToolResult {
  if (!outcome.ok) return failed(outcome.failure);
  return {
    content: [{ type: "text", text: JSON.stringify(outcome.value) }],
    structuredContent: outcome.value,
  };
}

/** Code and sentence alone: nothing in a refusal may tell one patient from another. */
function failed({ code, message }: Failure): CallToolResult {
  return { isError: true, content: [{ type: "text", text: JSON.stringify({ code, message }) }] };
}

/** Every tool that models and clients can be offered, with whether the role is: for the tool console. */
export function consoleTools(role: Role): (Tool & { readonly allowed: boolean })[] {
  const allowed = new Set<string>(toolsFor(role));
  return Object.keys(tools)
    .filter(isToolName)
    .filter((name) => tools[name].offered)
    .map((name) => ({ ...describeTool(name), allowed: allowed.has(name) }));
}
