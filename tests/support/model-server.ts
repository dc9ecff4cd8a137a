import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** What the server does for one request: it gets the parsed body and writes what it likes. */
export type Script = (reply: Reply, body: WireRequest) => Promise<void> | void;

export interface WireRequest {
  readonly model: string;
  readonly messages: readonly { role: string; content: string | null; tool_call_id?: string; tool_calls?: unknown[] }[];
  readonly tools?: readonly { function: { name: string } }[];
  readonly stream_options?: unknown;
}

export interface ModelServer {
  readonly url: string;
  readonly requests: {
    readonly body: WireRequest;
    readonly headers: IncomingMessage["headers"];
    readonly at: number;
  }[];
  /** Scripts are used up one a request; the last one stays. */
  play(...scripts: Script[]): void;
  close(): Promise<void>;
}

/** One answer being written, byte by byte where a test wants it. */
export class Reply {
  readonly #response: ServerResponse;
  #headed = false;
  lineEnd = "\n";

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  status(code: number, body: unknown = { error: { message: "no" } }, headers: Record<string, string> = {}): void {
    this.#response.writeHead(code, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }

  headers(type = "text/event-stream"): void {
    if (this.#headed) return;
    this.#headed = true;
    this.#response.writeHead(200, { "content-type": type });
    this.#response.flushHeaders();
  }

  bytes(part: Uint8Array | string): void {
    this.headers();
    this.#response.write(part);
  }

  event(value: unknown): void {
    this.bytes(`data: ${JSON.stringify(value)}${this.lineEnd}${this.lineEnd}`);
  }

  text(content: string): void {
    this.event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
  }

  /** Tool calls as OpenAI sends them: the name first, the arguments in pieces. */
  calls(...calls: { id: string; name: string; args: string; index?: number }[]): void {
    for (const [place, call] of calls.entries()) {
      const index = call.index ?? place;
      this.delta({
        tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }],
      });
      const half = Math.ceil(call.args.length / 2);
      for (const part of [call.args.slice(0, half), call.args.slice(half)])
        this.delta({ tool_calls: [{ index, function: { arguments: part } }] });
    }
    this.finish("tool_calls");
  }

  delta(delta: unknown): void {
    this.event({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  finish(reason = "stop"): void {
    this.event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
  }

  usage(prompt_tokens: number, completion_tokens: number): void {
    this.event({
      choices: [],
      usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    });
  }

  done(): void {
    this.bytes(`data: [DONE]${this.lineEnd}${this.lineEnd}`);
    this.#response.end();
  }

  end(): void {
    this.#response.end();
  }

  /** Cuts the connection in the middle. */
  cut(): void {
    this.#response.socket?.destroy();
  }

  get open(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }
}

/** A whole short answer. */
export function says(...parts: string[]): Script {
  return async (reply) => {
    for (const part of parts) {
      reply.text(part);
      await pause(1);
    }
    reply.finish();
    reply.usage(100, 20);
    reply.done();
  };
}

/** Calls tools, and does nothing else. */
export function callsTools(...calls: { id: string; name: string; args: string; index?: number }[]): Script {
  return (reply) => {
    reply.calls(...calls);
    reply.usage(200, 10);
    reply.done();
  };
}

/** A server on this machine that speaks the chat completions protocol as its script says. */
export async function startModelServer(): Promise<ModelServer> {
  let scripts: Script[] = [];
  const requests: { body: WireRequest; headers: IncomingMessage["headers"]; at: number }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(parts).toString("utf8")) as WireRequest;
      requests.push({ body, headers: request.headers, at: performance.now() });
      const script = scripts.length > 1 ? scripts.shift() : scripts[0];
      void Promise.resolve(script?.(new Reply(response), body)).catch(() => response.destroy());
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    play: (...next) => {
      scripts = next;
      requests.length = 0;
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
