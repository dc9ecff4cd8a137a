import { z } from "zod";
import { patientNumberSchema } from "../clinical/identifiers";
import { localAttentionSchema, offlineStateSchema, waitingSetSchema } from "../offline/offline-state";
import { snapshotPatientSchema, wardSnapshotSchema } from "../offline/ward-snapshot";
import { command } from "./define";

const nothing = z.strictObject({});

/** What works, and what is known, while the network is away. */
export const offlineCommands = {
  "offline.state": command("none", nothing, offlineStateSchema),
  /** The copy of the own ward, while the database is away; OFFLINE_UNAVAILABLE where there is none. */
  "offline.ward": command("active", nothing, wardSnapshotSchema),
  /** One patient of it. Each opening is told to the audit when the database is back. */
  "offline.chart": command(
    "active",
    z.strictObject({ patient_id: patientNumberSchema }),
    z.strictObject({ as_of: wardSnapshotSchema.shape.as_of, patient: snapshotPatientSchema }),
  ),
  /** The own sets for one patient that wait here to be sent. */
  "offline.waiting": command(
    "active",
    z.strictObject({ patient_id: patientNumberSchema }),
    z.strictObject({ sets: z.array(waitingSetSchema) }),
  ),
  /** What this workstation could not send. */
  "attention.local": command("active", nothing, z.strictObject({ entries: z.array(localAttentionSchema) })),
  /** The own entry, or a file that nobody can read, was dealt with: it leaves the list, its file is kept. */
  "attention.settleLocal": command("active", z.strictObject({ id: z.string().max(60) }), nothing),
} as const;
