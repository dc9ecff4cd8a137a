import type { z } from "zod";
import { type Audience, maskedFor, REDACTED, sensitivityOf } from "../../shared/clinical/sensitivity";

/** The parts of a zod schema that redaction walks through. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly valueType?: z.ZodType;
}

function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

/**
 * Masks what an audience may not receive, by the marks on the output schema. The value was parsed by the same schema, so
 * every field has its mark in the schema beside it. Throws at a kind of schema it cannot look into: nothing passes unseen.
 */
export function redact(schema: z.ZodType, value: unknown, audience: Audience): unknown {
  if (value === null || value === undefined) return value;
  const mark = sensitivityOf(schema);
  if (mark && maskedFor[audience].has(mark)) return REDACTED;
  const definition = definitionOf(schema);
  if (definition.innerType) return redact(definition.innerType, value, audience);
  if (definition.options) return redactUnion(definition.options, value, audience);
  if (typeof value !== "object") return value;
  if (definition.element && Array.isArray(value)) {
    const { element } = definition;
    return value.map((item) => redact(element, item, audience));
  }
  const { shape } = definition;
  const valueType = definition.type === "record" ? definition.valueType : undefined;
  if (!shape && !valueType) throw new TypeError(`a ${definition.type} cannot be redacted`);
  // What the schema does not declare does not leave.
  const fieldOf = (key: string) => (shape && Object.hasOwn(shape, key) ? shape[key] : valueType);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const field = fieldOf(key);
      return [key, field ? redact(field, item, audience) : undefined];
    }),
  );
}

/** A value that fits several options is masked wherever any of them would mask it. */
function redactUnion(options: readonly z.ZodType[], value: unknown, audience: Audience): unknown {
  const fitting = options.filter((option) => option.safeParse(value).success);
  return fitting.length === 0 ? undefined : fitting.reduce((masked, option) => redact(option, masked, audience), value);
}
