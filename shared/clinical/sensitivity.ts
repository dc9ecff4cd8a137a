import { z } from "zod";

/** What kind of secret a field is. Marked on the field's schema, once; every redaction is derived from the mark. */
export const sensitivities = [
  "public",
  "name",
  "birth-date",
  "ssn",
  "address",
  "contact",
  "insurance-number",
  "clinical",
  "staff",
] as const;
export type Sensitivity = (typeof sensitivities)[number];

const marks = z.registry<{ sensitivity: Sensitivity }>();

/** Marks a schema with its sensitivity. A string that can leave without a mark fails a contract test. */
export function marked<T extends z.ZodType>(sensitivity: Sensitivity, schema: T): T {
  const own = schema.clone() as T;
  marks.add(own, { sensitivity });
  return own;
}

/** The mark of a schema, if it carries one. */
export function sensitivityOf(schema: z.ZodType): Sensitivity | undefined {
  return marks.get(schema)?.sensitivity;
}

export const audiences = ["person", "client", "local-model", "remote-model"] as const;
/**
 * Who receives an answer: `person` is a screen, `client` an MCP client of the signed-in person,
 * `local-model` a model on this machine (what it writes appears on the screen), `remote-model` any other model.
 */
export type Audience = (typeof audiences)[number];

/** Which marks an audience receives only as `[REDACTED]`, beyond what the role already withholds. */
export const maskedFor: Readonly<Record<Audience, ReadonlySet<Sensitivity>>> = {
  person: new Set(["ssn", "address"]),
  client: new Set(),
  "local-model": new Set(["ssn", "address"]),
  "remote-model": new Set(["ssn", "address", "contact", "insurance-number"]),
};

export const REDACTED = "[REDACTED]";
