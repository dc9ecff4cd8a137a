import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { Refusal } from "../../shared/failure";
import type { ImportReport } from "../../shared/ipc/administration-commands";
import type { EventPayload } from "../../shared/ipc/events";
import type { SealingKey } from "../sealing/seal";
import { importBundle } from "./import-bundle";

export interface ImporterOptions {
  readonly fieldKey: () => SealingKey | undefined;
  readonly store: (bundle: object) => Promise<{ patientNumber: string; created: Record<string, number> }>;
  readonly onProgress: (progress: EventPayload<"import.progress">) => void;
}

/** One run at a time over the chosen files; each file is one transaction, so a stop leaves whole files behind. */
export function createImporter(options: ImporterOptions) {
  let running: AbortController | undefined;

  async function one(path: string, signal: AbortSignal): Promise<ImportReport> {
    const fieldKey = options.fieldKey();
    if (!fieldKey) throw new Refusal("RBAC_DENIED");
    const file = basename(path);
    options.onProgress({ file, phase: "reading", done: 0, of: 1 });
    // Bytes: read as text, what is no UTF-8 would be replaced unseen.
    return importBundle({
      text: await readFile(path),
      fileName: file,
      fieldKey,
      store: options.store,
      onProgress: options.onProgress,
      signal,
    });
  }

  return {
    async run(paths: readonly string[]): Promise<ImportReport[]> {
      if (running) throw new Refusal("TOO_MANY_REQUESTS", "An import is running already.");
      running = new AbortController();
      const { signal } = running;
      const reports: ImportReport[] = [];
      try {
        for (const path of paths) {
          if (signal.aborted) break;
          reports.push(await one(path, signal));
        }
        return reports;
      } finally {
        running = undefined;
      }
    },
    stop(): void {
      running?.abort();
    },
  };
}
