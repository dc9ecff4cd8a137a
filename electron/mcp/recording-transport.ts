import type { Transport, TransportSendOptions } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage, MessageExtraInfo } from "@modelcontextprotocol/sdk/types.js";

/** A request and its answer, exactly as they crossed. */
export interface Exchange {
  readonly request: JSONRPCMessage;
  readonly response: JSONRPCMessage;
}

/** A transport that passes everything on unchanged and can tell what crossed. */
export class RecordingTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: (<T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void) | undefined;
  readonly #inner: Transport;
  readonly #waiting = new Map<string | number, { request: JSONRPCMessage; settle: (exchange: Exchange) => void }>();
  #next: ((exchange: Exchange) => void) | undefined;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  async start(): Promise<void> {
    this.#inner.onclose = () => this.onclose?.();
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message, extra) => {
      if ("id" in message && message.id !== undefined && !("method" in message)) {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        waiting?.settle({ request: waiting.request, response: message });
      }
      this.onmessage?.(message, extra);
    };
    await this.#inner.start();
  }

  /** The exchange of the request that `send` makes before it returns. */
  capture(send: () => void): Promise<Exchange> {
    return new Promise((settle) => {
      this.#next = settle;
      send();
      this.#next = undefined;
    });
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (this.#next && "id" in message && "method" in message && message.id !== undefined) {
      this.#waiting.set(message.id, { request: message, settle: this.#next });
      this.#next = undefined;
    }
    await this.#inner.send(message, options);
  }

  async close(): Promise<void> {
    this.#waiting.clear();
    await this.#inner.close();
  }
}
