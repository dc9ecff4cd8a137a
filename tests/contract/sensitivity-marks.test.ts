import { describe, expect, test } from "vitest";
import { z } from "zod";
import { redact } from "../../electron/redaction/redact";
import { audiences, marked, sensitivityOf } from "../../shared/clinical/sensitivity";
import { offeredToolNames, toolNames, tools } from "../../shared/tools/registry";

interface Parts {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly values?: readonly unknown[];
}
const harmless = new Set(["number", "int", "boolean", "literal", "null"]);
const containers = new Set(["object", "array", "nullable", "optional", "union", "record", "default"]);

/** Every place of a schema where text can leave without a mark, or that is of a kind nobody can look into. */
function unmarked(schema: z.ZodType, path: string): string[] {
  if (sensitivityOf(schema)) return [];
  const parts = schema.def as unknown as Parts;
  if (harmless.has(parts.type) && !(parts.values ?? []).some((value) => typeof value === "string")) return [];
  if (!containers.has(parts.type)) return [`${path} (${parts.type})`];
  const inside = [
    ...Object.entries(parts.shape ?? {}),
    ...(parts.options ?? []).map((option, index) => [`option ${index}`, option] as const),
    ...[parts.innerType, parts.element, parts.valueType].flatMap((part) => (part ? [["", part] as const] : [])),
  ];
  if (inside.length === 0) return [`${path} (empty ${parts.type})`];
  return inside.flatMap(([name, part]) => unmarked(part, name ? `${path}.${name}` : path));
}

test.each(toolNames)("every text that %s can answer carries the mark of its sensitivity", (name) => {
  expect(unmarked(tools[name].output, name)).toEqual([]);
});

describe("the search for unmarked text", () => {
  test("finds it wherever it hides", () => {
    const plain = z.string();
    const hidden = [
      plain,
      z.strictObject({ a: plain }),
      z.array(plain.nullable()),
      z.union([z.number(), plain]),
      z.record(z.string(), plain),
      z.enum(["a"]),
      z.literal("a"),
      z.unknown(),
    ];
    for (const schema of hidden) expect(unmarked(schema, "x"), schema.def.type).not.toEqual([]);
  });
  test("knows a mark again under a description", () => {
    expect(sensitivityOf(marked("ssn", z.string()).describe("as on the card"))).toBe("ssn");
  });
  test("looks at every offered tool", () => {
    expect(offeredToolNames.length).toBe(13);
  });
});

/** A value of a schema in which every marked text is `SECRET`. */
function filled(schema: z.ZodType): unknown {
  const parts = schema.def as unknown as Parts & { entries?: Record<string, string> };
  if (parts.shape) return Object.fromEntries(Object.entries(parts.shape).map(([key, part]) => [key, filled(part)]));
  if (parts.element) return [filled(parts.element)];
  if (parts.innerType) return filled(parts.innerType);
  return parts.type === "string" || parts.type === "enum" ? "SECRET" : 1;
}

test.each(toolNames)("of %s every mark is reached by the redaction, for every audience", (name) => {
  for (const audience of audiences) {
    const places = (schema: z.ZodType, value: unknown): unknown => redact(schema, value, audience);
    const answer = JSON.stringify(places(tools[name].output, filled(tools[name].output)));
    if (name === "get_patient_phi")
      expect(answer.split("[REDACTED]").length - 1).toBe(
        { client: 0, person: 2, "local-model": 2, "remote-model": 6 }[audience],
      );
    else expect(answer).not.toContain("[REDACTED]");
  }
});
