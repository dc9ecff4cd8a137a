import { z } from "zod";
import { auditFilterSchema } from "../audit/filter";
import { command } from "./define";

export const exportFormats = ["csv", "json-lines", "fhir"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How an export ended. `file` is the name alone: a path may hold the name of an account. */
export const exportReportSchema = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("not-chosen") }),
  z.strictObject({ outcome: z.literal("stopped"), entries: z.int() }),
  z.strictObject({
    outcome: z.literal("saved"),
    file: z.string(),
    manifest: z.string(),
    entries: z.int(),
    sha256: z.string(),
  }),
]);
export type ExportReport = z.infer<typeof exportReportSchema>;

export const auditCommands = {
  /** Opens the file dialog in the main process and writes what the filter finds; progress arrives as `audit.progress`. */
  "audit.export": command(
    "active",
    z.strictObject({ format: z.enum(exportFormats), filter: auditFilterSchema }),
    exportReportSchema,
  ),
  "audit.stopExport": command("active", z.strictObject({}), z.strictObject({})),
} as const;
