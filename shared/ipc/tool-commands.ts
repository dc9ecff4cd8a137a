import { z } from "zod";
import { patientNumberSchema } from "../clinical/identifiers";
import { toolNames } from "../tools/registry";
import { command } from "./define";

export const revealableFields = ["ssn", "address"] as const;
export const revealReasons = [
  "Checking identity with the patient",
  "Registration or correction",
  "Discharge or transport",
  "Contacting relatives",
  "Insurance or billing question",
  "Audit or compliance review",
] as const;

export const toolCommands = {
  /** The door, for the person. `arguments` is parsed by the tool's own schema, and the value by its output schema, on both sides. */
  "tool.call": command("active", z.strictObject({ name: z.enum(toolNames), arguments: z.unknown() }), z.unknown()),
  "identity.reveal": command(
    "active",
    z.strictObject({ patient_id: patientNumberSchema, field: z.enum(revealableFields), reason: z.enum(revealReasons) }),
    z.strictObject({ value: z.string().nullable() }),
  ),
  /** The tool console: one JSON-RPC request through the MCP client, shown as it went and came. */
  "console.tools": command(
    "active",
    z.strictObject({}),
    z.strictObject({
      tools: z.array(
        z.strictObject({
          name: z.string(),
          title: z.string(),
          description: z.string(),
          inputSchema: z.unknown(),
          allowed: z.boolean(),
        }),
      ),
    }),
  ),
  "console.call": command(
    "active",
    z.strictObject({ tool: z.string().max(80), arguments: z.record(z.string().max(80), z.unknown()) }),
    z.strictObject({ request: z.unknown(), response: z.unknown(), milliseconds: z.number() }),
  ),
} as const;
