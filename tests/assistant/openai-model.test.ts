import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, callsOf, modelWith } from "../support/ask-model";
import { callsTools, type ModelServer, says, startModelServer } from "../support/model-server";
import { shortest } from "../support/stopwatch";

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

describe("an answer that comes as it should", () => {
  test("streams its pieces, reports usage and sends key, tools and instructions", async () => {
    server.play(says("Leah ", "is in ", "bed 1."));
    const result = await ask(modelWith(server));
    expect(result).toMatchObject({ text: "Leah is in bed 1.", code: null });
    expect(result.steps.filter((step) => step.type === "text")).toHaveLength(3);
    expect(result.steps.at(-2)).toEqual({ type: "usage", promptTokens: 100, completionTokens: 20 });
    expect(result.steps.at(-1)).toEqual({ type: "done" });
    const [request] = server.requests;
    expect(request?.headers.authorization).toBe("Bearer key-for-tests");
    expect(request?.body).toMatchObject({ model: "gpt-4o-mini", stream_options: { include_usage: true } });
    expect(request?.body.messages[0]).toEqual({ role: "system", content: "Be brief." });
    expect(request?.body.tools?.[0]?.function.name).toBe("list_ward");
  });

  test("several tool calls in one turn are told apart", async () => {
    server.play(
      callsTools(
        { id: "a", name: "get_allergies", args: '{"patient_id":"FCE57"}' },
        { id: "b", name: "list_ward", args: "{}" },
      ),
    );
    expect(callsOf(await ask(modelWith(server)))).toEqual([
      { type: "tool_call", id: "a", name: "get_allergies", arguments: { patient_id: "FCE57" }, readable: true },
      { type: "tool_call", id: "b", name: "list_ward", arguments: {}, readable: true },
    ]);
  });

  test("calls that a server numbers all 0 are still told apart by their ids", async () => {
    server.play(
      callsTools(
        { id: "a", name: "list_ward", args: "{}", index: 0 },
        { id: "b", name: "get_my_shifts", args: "{}", index: 0 },
      ),
    );
    expect(callsOf(await ask(modelWith(server))).map((call) => [call.id, call.name])).toEqual([
      ["a", "list_ward"],
      ["b", "get_my_shifts"],
    ]);
  });

  test("duplicate and missing ids are made unique", async () => {
    server.play(
      callsTools(
        { id: "x", name: "list_ward", args: "{}" },
        { id: "x", name: "get_my_shifts", args: "{}" },
        { id: "", name: "find_patients", args: "{}" },
      ),
    );
    const ids = callsOf(await ask(modelWith(server))).map((call) => call.id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain("");
  });

  test.each(["{not json", '"text"', "[1]", '{"__proto__":{"x":1}}'])(
    "arguments that are no JSON object (%s) are marked unreadable",
    async (args) => {
      server.play(callsTools({ id: "a", name: "list_ward", args }));
      expect(callsOf(await ask(modelWith(server)))).toMatchObject([{ arguments: {}, readable: false }]);
    },
  );

  test("letters split between two packets come whole", async () => {
    server.play(async (reply) => {
      const bytes = Buffer.from(
        `data: ${JSON.stringify({ choices: [{ delta: { content: "37,2 °C – Müller 🫀" } }] })}\n\n`,
      );
      for (const byte of bytes) {
        reply.bytes(Buffer.from([byte]));
        if (byte > 127) await pause(2);
      }
      reply.finish();
      reply.done();
    });
    expect(await ask(modelWith(server))).toMatchObject({ text: "37,2 °C – Müller 🫀", code: null });
  });

  test("CRLF line ends, comments and unknown fields are understood", async () => {
    server.play((reply) => {
      reply.lineEnd = "\r\n";
      reply.bytes(": keep alive\r\n\r\n");
      reply.event({
        choices: [{ delta: { role: "assistant", content: null, reasoning: "hm" } }],
        system_fingerprint: "x",
      });
      reply.text("Fine.");
      reply.finish();
      reply.done();
    });
    expect(await ask(modelWith(server))).toMatchObject({ text: "Fine.", code: null });
  });

  test("an answer that finished but has no [DONE] is whole", async () => {
    server.play((reply) => {
      reply.text("Whole.");
      reply.finish();
      reply.end();
    });
    expect(await ask(modelWith(server))).toMatchObject({ text: "Whole.", code: null });
  });
});

describe("Stop", () => {
  test.each(["before the first byte", "in the middle"])("ends the stream within 200 ms, %s", async (moment) => {
    const stop = async () => {
      const controller = new AbortController();
      let stoppedAt = 0;
      const press = () => {
        stoppedAt = performance.now();
        controller.abort();
      };
      server.play((reply) => {
        if (moment === "in the middle") reply.text("Half");
        else press();
      });
      const result = await ask(modelWith(server), controller.signal, press);
      expect(result.code).toBe("STOPPED");
      return performance.now() - stoppedAt;
    };
    expect(await shortest(200, stop)).toBeLessThan(200);
  });

  test("ends a wait for Retry-After as well", async () => {
    server.play((reply) => reply.status(429, {}, { "retry-after": "3600" }));
    const controller = new AbortController();
    const asked = ask(modelWith(server, { longestWaitMilliseconds: 7_200_000 }), controller.signal);
    while (server.requests.length === 0) await pause(5);
    await pause(60);
    controller.abort();
    expect((await asked).code).toBe("STOPPED");
    expect(server.requests).toHaveLength(1);
  });
});
