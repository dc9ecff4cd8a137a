import { describe, expect, test } from "vitest";
import { z } from "zod";
import { redact } from "../../../electron/redaction/redact";
import {
  audiences,
  marked,
  maskedFor,
  REDACTED,
  type Sensitivity,
  sensitivities,
} from "../../../shared/clinical/sensitivity";

const ssn = marked("ssn", z.string());
const open = marked("public", z.string());

test("what each audience gets masked, typed by hand", () => {
  const expected: Record<string, Sensitivity[]> = {
    person: ["ssn", "address"],
    client: [],
    "local-model": ["ssn", "address"],
    "remote-model": ["ssn", "address", "contact", "insurance-number"],
  };
  for (const audience of audiences)
    for (const mark of sensitivities)
      expect(redact(marked(mark, z.string()), "value", audience), `${mark} for ${audience}`).toBe(
        expected[audience]?.includes(mark) ? REDACTED : "value",
      );
  expect(Object.keys(maskedFor).sort()).toEqual(Object.keys(expected).sort());
});

describe("a mark is found", () => {
  const shapes: Readonly<Record<string, readonly [z.ZodType, unknown, unknown]>> = {
    "in an object": [z.strictObject({ a: ssn, b: open }), { a: "1", b: "2" }, { a: REDACTED, b: "2" }],
    "in an array of objects": [
      z.array(z.strictObject({ a: ssn })),
      [{ a: "1" }, { a: "2" }],
      [{ a: REDACTED }, { a: REDACTED }],
    ],
    "in an array of values": [z.array(ssn), ["1", "2"], [REDACTED, REDACTED]],
    "under nullable and optional": [z.strictObject({ a: ssn.nullable().optional() }), { a: "1" }, { a: REDACTED }],
    "under a default": [z.strictObject({ a: ssn.default("x") }), { a: "1" }, { a: REDACTED }],
    "on the nullable itself": [marked("ssn", z.string().nullable()), "1", REDACTED],
    "on a number": [z.strictObject({ a: marked("ssn", z.number()) }), { a: 1 }, { a: REDACTED }],
    "on a whole object": [
      z.strictObject({ a: marked("address", z.strictObject({ street: z.string() })) }),
      { a: { street: "x" } },
      { a: REDACTED },
    ],
    "in a union of values": [z.union([ssn, z.number()]), "1", REDACTED],
    "in a union of objects": [
      z.union([z.strictObject({ kind: z.literal("a"), a: ssn }), z.strictObject({ kind: z.literal("b"), b: open })]),
      { kind: "a", a: "1" },
      { kind: "a", a: REDACTED },
    ],
    "in a discriminated union": [
      z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("a"), a: open }),
        z.strictObject({ kind: z.literal("b"), a: ssn }),
      ]),
      { kind: "b", a: "1" },
      { kind: "b", a: REDACTED },
    ],
    "in any option that fits, where several do": [z.union([open, ssn]), "1", REDACTED],
    "in an array of a nullable union": [
      z.array(z.union([ssn, z.number()]).nullable()),
      ["1", null, 2],
      [REDACTED, null, 2],
    ],
    "in a record": [z.record(z.string(), ssn), { x: "1" }, { x: REDACTED }],
  };
  test.each(Object.entries(shapes))("%s", (_, [schema, value, masked]) => {
    expect(redact(schema, schema.parse(value), "remote-model")).toEqual(masked);
    expect(redact(schema, schema.parse(value), "client")).toEqual(value);
  });
});

test("what is not there stays not there: a mask never tells more than the role's own answer", () => {
  const schema = z.strictObject({ a: ssn.nullable(), b: ssn.optional() });
  expect(redact(schema, { a: null }, "remote-model")).toEqual({ a: null });
});

test("what the schema does not declare does not leave", () => {
  expect(JSON.stringify(redact(z.strictObject({ a: open }), { a: "1", extra: "2", constructor: "3" }, "client"))).toBe(
    '{"a":"1"}',
  );
  expect(redact(z.union([z.number(), z.boolean()]), "no option fits", "client")).toBeUndefined();
});

test("a kind of schema that it cannot look into is refused, not passed", () => {
  for (const schema of [z.map(z.string(), ssn), z.unknown(), z.any(), z.tuple([ssn])])
    expect(() => redact(schema, ["900-12-1234"], "remote-model")).toThrow(TypeError);
});
