import type { ImportReport } from "../../shared/ipc/administration-commands";
import type { EventPayload } from "../../shared/ipc/events";

export type ImportProgress = EventPayload<"import.progress">;

const phases: Readonly<Record<ImportProgress["phase"], string>> = {
  reading: "Reading",
  checking: "Checking",
  storing: "Storing",
  done: "Done with",
};

const figure = (value: number): string => value.toLocaleString("en-GB");

/** `Storing Leah.json: 40 of 1,204 entries`. */
export function progressWords({ phase, file, done, of }: ImportProgress): string {
  const share = phase === "done" || of === 0 ? "" : `: ${figure(done)} of ${figure(of)}`;
  return `${phases[phase]} ${file}${share}`;
}

export interface ReportTotals {
  readonly inFile: number;
  readonly new: number;
  readonly unchanged: number;
  readonly notStored: number;
}

/** What a file held and what became of it, all types together. */
export function reportTotals(report: ImportReport): ReportTotals {
  const counts = Object.values(report.stored);
  const sum = (part: "inFile" | "new" | "unchanged") => counts.reduce((total, count) => total + count[part], 0);
  return {
    inFile: sum("inFile"),
    new: sum("new"),
    unchanged: sum("unchanged"),
    notStored: report.notStored.reduce((total, left) => total + left.count, 0),
  };
}

/** One line on a file: taken, already known, or refused. */
export function reportWords(report: ImportReport): string {
  if (report.refused !== null) return "Refused. Nothing of this file was stored.";
  const totals = reportTotals(report);
  const left =
    totals.notStored === 0
      ? "Everything in the file was stored"
      : `${figure(totals.notStored)} not stored, listed below`;
  if (totals.new === 0) return `Nothing new: all ${figure(totals.unchanged)} were already here. ${left}.`;
  return `${figure(totals.new)} new, ${figure(totals.unchanged)} already here. ${left}.`;
}

/** One line on the whole import. */
export function importWords(reports: readonly ImportReport[]): string {
  if (reports.length === 0) return "No file was chosen.";
  const refused = reports.filter((report) => report.refused !== null).length;
  const taken = reports.length - refused;
  const files = (count: number) => `${figure(count)} ${count === 1 ? "file" : "files"}`;
  return refused === 0 ? `${files(taken)} imported.` : `${files(taken)} imported, ${files(refused)} refused.`;
}
