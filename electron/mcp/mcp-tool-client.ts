import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { CallToolResultSchema, ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { type Failure, failure, failureCodes, Refusal } from "../../shared/failure";
import { isToolName, tools } from "../../shared/tools/registry";
import { createMcpServer, type McpServerOptions } from "./create-mcp-server";
import { type Exchange, RecordingTransport } from "./recording-transport";

export interface McpTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export type McpOutcome =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly failure: Failure };

/** The way to tools for whatever is not the door's own house: the assistant and the tool console. */
export interface McpToolClient {
  listTools(): Promise<McpTool[]>;
  /** Never throws but `Refusal("STOPPED")` when `signal` is aborted. */
  call(name: string, args: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<McpOutcome>;
  /** One call with its JSON-RPC request and response as they crossed, for the tool console. */
  callRaw(name: string, args: Readonly<Record<string, unknown>>): Promise<Exchange>;
  close(): Promise<void>;
}

const failureText = z.object({ code: z.enum(failureCodes), message: z.string().max(600) });
/** Longer than any statement time-out of the database: the door answers first. */
const callLimitMilliseconds = 60_000;

/** An official MCP client, connected in memory to a server made for one audience. */
export async function connectMcpTools(options: McpServerOptions): Promise<McpToolClient> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = createMcpServer(options);
  const client = new Client({ name: "lamplight-assistant", version: options.version ?? "1" });
  const transport = new RecordingTransport(near);
  await server.connect(far);
  await client.connect(transport);

  function request(name: string, args: Readonly<Record<string, unknown>>, signal?: AbortSignal) {
    return client.request(
      { method: "tools/call", params: { name, arguments: { ...args } } },
      CallToolResultSchema,
      signal ? { signal, timeout: callLimitMilliseconds } : { timeout: callLimitMilliseconds },
    );
  }

  return {
    async listTools() {
      const result = await client.request({ method: "tools/list" }, ListToolsResultSchema);
      return result.tools.map((tool) => ({
        name: tool.name,
        title: tool.title ?? tool.name,
        description: tool.description ?? "",
        inputSchema: tool.inputSchema,
      }));
    },
    async call(name, args, signal) {
      if (signal?.aborted) throw new Refusal("STOPPED");
      try {
        return parseOutcome(name, await request(name, args, signal));
      } catch {
        if (signal?.aborted) throw new Refusal("STOPPED");
        return { ok: false, failure: failure("UNEXPECTED") };
      }
    },
    async callRaw(name, args) {
      let answered: Promise<unknown> = Promise.resolve();
      const exchange = transport.capture(() => {
        answered = request(name, args);
      });
      // The exchange settles before the request does; only a call that was never answered rejects first.
      return Promise.race([exchange, answered.then(() => exchange)]).catch(() => {
        throw new Refusal("UNEXPECTED");
      });
    },
    async close() {
      await client.close();
      await server.close();
    },
  };
}

/** Reads a result by the schema of the tool that was called: a wrong shape is a failure, never data. */
function parseOutcome(name: string, result: z.output<typeof CallToolResultSchema>): McpOutcome {
  if (result.isError) {
    const [first] = result.content;
    const parsed = first?.type === "text" ? failureText.safeParse(readJson(first.text)) : undefined;
    return { ok: false, failure: parsed?.success ? parsed.data : failure("UNEXPECTED") };
  }
  if (!isToolName(name)) return { ok: false, failure: failure("UNKNOWN_TOOL") };
  const value = tools[name].output.safeParse(result.structuredContent);
  if (!value.success) return { ok: false, failure: failure("UNEXPECTED") };
  return { ok: true, value: value.data as Readonly<Record<string, unknown>> };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
