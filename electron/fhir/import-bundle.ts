import { setImmediate as nextTurn } from "node:timers/promises";
import { Refusal } from "../../shared/failure";
import type { ImportReport } from "../../shared/ipc/administration-commands";
import type { SealingKey } from "../sealing/seal";
import { BundleFault } from "./fault";
import { type ImportPayload, type MappedBundle, mapBundle, storedTypes } from "./map-bundle";
import { readBundle } from "./read-bundle";

/** What the store answers: the patient's number here, and how many resources of each type were new. */
export interface StoredPatient {
  readonly patientNumber: string;
  readonly created: Readonly<Record<string, number>>;
}

export type ImportPhase = "reading" | "checking" | "storing" | "done";

export interface ImportRequest {
  /** The file's text, or its bytes, which are then checked to be UTF-8. */
  readonly text: string | Uint8Array;
  /** Name for the report, without the folder. */
  readonly fileName: string;
  readonly fieldKey: SealingKey;
  /** Stores one payload in one transaction (`api.import_patient`); is never called for a file that is refused. */
  readonly store: (payload: ImportPayload) => Promise<StoredPatient>;
  readonly onProgress?:
    | ((progress: { file: string; phase: ImportPhase; done: number; of: number }) => void)
    | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Counts by type of resource. `inFile` is all that the file holds; `new` and `unchanged` are resources, not rows: one is new when
 * any value that it stands for was not in the database before, and unchanged when all were (what was there stays as it
 * was). What is missing between them and `inFile` stands in `notStored` with its reason.
 */
function storedCounts(mapped: MappedBundle, created: StoredPatient["created"]): ImportReport["stored"] {
  const counts: ImportReport["stored"] = {};
  for (const type of storedTypes) {
    const inFile = mapped.inFile.get(type);
    if (inFile === undefined) continue;
    const taken = mapped.payload.resources.filter((resource) => resource.type === type).length;
    const added = Math.min(created[type] ?? 0, taken);
    counts[type] = { inFile, new: added, unchanged: taken - added };
  }
  return counts;
}

/**
 * Imports the patient of one file, whole or not at all. A fault of the file is a report with the place; trouble of the
 * session or the database is thrown by `store` and passes through, with nothing stored.
 */
export async function importBundle(request: ImportRequest): Promise<ImportReport> {
  const report = (phase: ImportPhase, done: number, of: number) =>
    request.onProgress?.({ file: request.fileName, phase, done, of });
  // Between the phases the process serves others: a large file must not hold up the window, or Stop.
  const breathe = async () => {
    await nextTurn();
    if (request.signal?.aborted) throw new Refusal("STOPPED");
  };
  report("reading", 0, 1);
  await breathe();
  let mapped: MappedBundle;
  try {
    const entries = readBundle(request.text);
    report("checking", 0, entries.length);
    await breathe();
    mapped = mapBundle(entries, request.fieldKey);
    report("checking", entries.length, entries.length);
  } catch (error) {
    if (!(error instanceof BundleFault)) throw error;
    return { file: request.fileName, patient: null, stored: {}, notStored: [], refused: error.message };
  }
  await breathe();
  const { length } = mapped.payload.resources;
  report("storing", 0, length);
  const stored = await request.store(mapped.payload);
  report("done", length, length);
  return {
    file: request.fileName,
    patient: { patient_id: stored.patientNumber, name: mapped.patientName },
    stored: storedCounts(mapped, stored.created),
    notStored: mapped.notStored,
    refused: null,
  };
}
