import { z } from "zod";
import { momentSchema, patientNumberSchema, uuidSchema } from "../clinical/identifiers";
import { command } from "./define";

const nothing = z.strictObject({});

export const importCountsSchema = z.record(
  z.string(),
  z.strictObject({ inFile: z.int(), new: z.int(), unchanged: z.int() }),
);
export const importReportSchema = z.strictObject({
  file: z.string(),
  patient: z.strictObject({ patient_id: z.string(), name: z.string() }).nullable(),
  /** Stored, by resource type. */
  stored: importCountsSchema,
  /** Not stored, by resource type, with the reason in words. */
  notStored: z.array(z.strictObject({ type: z.string(), count: z.int(), reason: z.string() })),
  /** Why the whole file was refused, with the place of the fault (line and column, or entry and path); null when it was taken. */
  refused: z.string().nullable(),
});
export type ImportReport = z.infer<typeof importReportSchema>;

export const bedSchema = z.strictObject({ ward: z.string(), wardName: z.string(), bed: z.string() });

export const administrationCommands = {
  /** Opens the file chooser in the main process and imports what is chosen; progress arrives as `import.progress`. */
  "import.chooseAndRun": command("active", nothing, z.strictObject({ reports: z.array(importReportSchema) })),
  "import.stop": command("active", nothing, nothing),
  "beds.free": command("active", nothing, z.strictObject({ beds: z.array(bedSchema) })),
  /** `submission` makes a double click one admission. */
  "patients.admit": command(
    "active",
    z.strictObject({
      submission: uuidSchema,
      patient_id: patientNumberSchema,
      ward: z.string().max(40),
      bed: z.string().max(40),
      reason: z.string().trim().max(200),
    }),
    z.strictObject({ patient_id: z.string(), ward: z.string(), bed: z.string(), admitted_at: momentSchema }),
  ),
} as const;
