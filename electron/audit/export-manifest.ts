import { z } from "zod";
import { auditFilterSchema } from "../../shared/audit/filter";
import { exportFormats } from "../../shared/ipc/audit-commands";

/** What lies beside an export: what it is of, how long it is, and the SHA-256 of its bytes. */
export const exportManifestSchema = z.strictObject({
  kind: z.literal("lamplight-audit-export"),
  version: z.literal(1),
  file: z.string(),
  format: z.enum(exportFormats),
  installation: z.string(),
  /** The same id as in the audit's own entries about this export. */
  export: z.string(),
  exported_at: z.string(),
  exported_by: z.string(),
  filter: auditFilterSchema,
  /** Whether every entry of every chain up to `exported_at` is in it: nothing was filtered out. */
  complete: z.boolean(),
  entries: z.int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
});
export type ExportManifest = z.infer<typeof exportManifestSchema>;

export const manifestName = (file: string) => `${file}.manifest.json`;
