import type { z } from "zod";
import { type Audience, maskedFor, REDACTED, sensitivityOf } from "../../shared/clinical/sensitivity";

/** The parts of a zod schema that redaction walks through. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

/**
 * Masks what an audience may not receive, by the marks on the output schema. The value was parsed by the same schema, so
 * every field has its mark in the schema beside it.
 */
export function redact(schema: z.ZodType, value: unknown, audience: Audience): unknown {
  if (value === null || value === undefined) return value;
  const mark = sensitivityOf(schema);
  if (mark && maskedFor[audience].has(mark)) return REDACTED;
  const definition = definitionOf(schema);
  if (definition.innerType) return redact(definition.innerType, value, audience);
  if (definition.element && Array.isArray(value)) {
    const { element } = definition;
    return value.map((item) => redact(element, item, audience));
  }
  if (definition.shape && typeof value === "object") {
    const { shape } = definition;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const field = shape[key];
        // What the schema does not declare does not leave.
        return [key, field ? redact(field, item, audience) : undefined];
      }),
    );
  }
  return value;
}
