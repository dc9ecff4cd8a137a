import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpenAiModel } from "../../electron/llm/openai-model";
import { ask, modelWith, quick } from "../support/ask-model";
import { type ModelServer, says, startModelServer } from "../support/model-server";

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

describe("an answer that goes wrong", () => {
  test("401: the key is refused, once", async () => {
    server.play((reply) => reply.status(401));
    expect(await ask(modelWith(server))).toMatchObject({ code: "MODEL_UNAUTHORIZED", text: "" });
    expect(server.requests).toHaveLength(1);
  });

  test("429 with a short Retry-After is waited for and then answered", async () => {
    server.play((reply) => reply.status(429, {}, { "retry-after": "1" }), says("Now."));
    const result = await ask(modelWith(server));
    expect(result).toMatchObject({ text: "Now.", code: null });
    expect((server.requests[1]?.at ?? 0) - (server.requests[0]?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test("429 with a long Retry-After is told to the person instead of waited for", async () => {
    server.play((reply) => reply.status(429, {}, { "retry-after": "120" }));
    expect(await ask(modelWith(server))).toMatchObject({ code: "MODEL_RATE_LIMITED", retryAfterSeconds: 120 });
    expect(server.requests).toHaveLength(1);
  });

  test("429 because the budget is spent is not tried again", async () => {
    server.play((reply) => reply.status(429, { error: { message: "quota", code: "insufficient_quota" } }));
    expect((await ask(modelWith(server))).code).toBe("MODEL_RATE_LIMITED");
    expect(server.requests).toHaveLength(1);
  });

  test("500 is tried twice more and then reported; one good answer among them is taken", async () => {
    server.play((reply) => reply.status(500));
    expect((await ask(modelWith(server))).code).toBe("MODEL_UNAVAILABLE");
    expect(server.requests).toHaveLength(3);
    server.play(
      (reply) => reply.status(503),
      (reply) => reply.status(500),
      says("Back."),
    );
    expect(await ask(modelWith(server))).toMatchObject({ text: "Back.", code: null });
  });

  test("404 is reported with its status and not tried again", async () => {
    server.play((reply) => reply.status(404));
    expect((await ask(modelWith(server))).code).toBe("MODEL_UNAVAILABLE");
    expect(server.requests).toHaveLength(1);
  });

  test("a redirect is not followed: the key stays here", async () => {
    server.play((reply) => reply.status(307, {}, { location: `${server.url}/elsewhere` }));
    expect((await ask(modelWith(server))).code).toBe("MODEL_UNAVAILABLE");
  });

  test("silence before the first byte ends at the limit", async () => {
    server.play(() => undefined);
    const result = await ask(modelWith(server, { firstByteMilliseconds: 250 }));
    expect(result).toMatchObject({ code: "MODEL_UNAVAILABLE", text: "" });
  });

  test("a stall in the middle keeps what came", async () => {
    server.play((reply) => reply.text("Half an "));
    expect(await ask(modelWith(server, { idleMilliseconds: 250 }))).toMatchObject({
      code: "MODEL_STALLED",
      text: "Half an ",
    });
  });

  test("bytes that trickle without ever ending a line are no sign of life", async () => {
    server.play(async (reply) => {
      reply.text("Half");
      while (reply.open) {
        reply.bytes("x");
        await pause(20);
      }
    });
    const result = await ask(modelWith(server, { idleMilliseconds: 250 }));
    expect(result).toMatchObject({ code: "MODEL_STALLED", text: "Half" });
  });

  test("a connection that is cut in the middle keeps what came", async () => {
    let cut: () => void = () => undefined;
    server.play((reply) => {
      cut = () => reply.cut();
      reply.text("Half");
    });
    expect(await ask(modelWith(server), undefined, () => cut())).toMatchObject({ code: "MODEL_STALLED", text: "Half" });
  });

  test("an end without a reason is an answer that broke off", async () => {
    server.play((reply) => {
      reply.text("Half");
      reply.end();
    });
    expect(await ask(modelWith(server))).toMatchObject({ code: "MODEL_STALLED", text: "Half" });
  });

  test.each([
    ["a line that is no JSON", "data: {oops\n\n"],
    ["JSON of another shape", 'data: {"choices":"none"}\n\n'],
    ["text that is no event stream", "<html><body>Gateway</body></html>\n"],
    ["bytes that are no UTF-8", Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xfe, 0x0a, 0x0a])],
    ["nothing at all", ""],
  ])("%s is garbled", async (_name, bytes) => {
    server.play((reply) => {
      reply.bytes(bytes);
      reply.end();
    });
    expect((await ask(modelWith(server))).code).toBe("MODEL_GARBLED");
  });

  test("a line without an end is given up at its limit", async () => {
    server.play(async (reply) => {
      reply.bytes("data: ");
      for (let part = 0; part < 200 && reply.open; part += 1) {
        reply.bytes("x".repeat(4096));
        await pause(1);
      }
    });
    expect((await ask(modelWith(server, { lineBytes: 65_536 }))).code).toBe("MODEL_GARBLED");
  });

  test("a text without an end is given up at its limit", async () => {
    server.play(async (reply) => {
      while (reply.open) {
        reply.text("again and ");
        await pause(1);
      }
    });
    expect((await ask(modelWith(server, { textCharacters: 500 }))).code).toBe("TURN_LIMIT");
  });

  test("an error inside the stream is not mistaken for an answer", async () => {
    server.play((reply) => {
      reply.event({ error: { message: "overloaded" } });
      reply.end();
    });
    expect((await ask(modelWith(server, { retries: 0 }))).code).toBe("MODEL_UNAVAILABLE");
  });

  test("nobody listening there is reported", async () => {
    const model = createOpenAiModel({
      baseUrl: "http://127.0.0.1:9/v1",
      fetch: globalThis.fetch,
      now: () => new Date(),
      monotonic: () => 0,
      limits: quick,
    });
    expect((await ask(model)).code).toBe("MODEL_UNAVAILABLE");
  });

  test("after failures in a row the breaker refuses at once, and lets one through later", async () => {
    let clock = 0;
    const model = createOpenAiModel({
      baseUrl: server.url,
      fetch: globalThis.fetch,
      now: () => new Date(),
      monotonic: () => clock,
      limits: { ...quick, retries: 0, breakerThreshold: 2, breakerRestMilliseconds: 30_000 },
    });
    server.play((reply) => reply.status(500));
    await ask(model);
    await ask(model);
    const refused = await ask(model);
    expect(refused).toMatchObject({ code: "MODEL_UNAVAILABLE", retryAfterSeconds: 30 });
    expect(server.requests).toHaveLength(2);
    clock = 31_000;
    server.play(says("Well again."));
    expect((await ask(model)).text).toBe("Well again.");
  });
});
