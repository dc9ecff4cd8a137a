import type { ImportReport } from "../../shared/ipc/administration-commands";
import { Button } from "../design/Button";
import { type Column, DataTable } from "../design/DataTable";
import { Notice } from "../design/Notice";
import styles from "./ImportReportView.module.css";
import { reportWords } from "./import-words";

type Stored = { readonly type: string; readonly inFile: number; readonly new: number; readonly unchanged: number };
type Left = ImportReport["notStored"][number];

const storedColumns: readonly Column<Stored>[] = [
  { id: "type", header: "Type", isRowHeader: true, cell: (row) => row.type },
  { id: "inFile", header: "In the file", align: "end", cell: (row) => row.inFile.toLocaleString("en-GB") },
  { id: "new", header: "New", align: "end", cell: (row) => row.new.toLocaleString("en-GB") },
  { id: "unchanged", header: "Already here", align: "end", cell: (row) => row.unchanged.toLocaleString("en-GB") },
];
const leftColumns: readonly Column<Left>[] = [
  { id: "type", header: "Type", isRowHeader: true, cell: (row) => row.type },
  { id: "count", header: "Count", align: "end", cell: (row) => row.count.toLocaleString("en-GB") },
  { id: "reason", header: "Why not stored", wrap: true, cell: (row) => row.reason },
];

/** What became of one file, by type; a refused file shows the place of its fault. */
export function ImportReportView({
  report,
  onAdmit,
}: {
  readonly report: ImportReport;
  readonly onAdmit: (patientId: string) => void;
}) {
  const { patient, refused } = report;
  const stored = Object.entries(report.stored).map(([type, counts]) => ({ type, ...counts }));
  return (
    <section aria-label={`Report on ${report.file}`} className={styles.report}>
      <h3 className={styles.file}>{report.file}</h3>
      {refused === null ? (
        <p>{reportWords(report)}</p>
      ) : (
        <Notice kind="warning" title={reportWords(report)}>
          <span className={styles.fault}>{refused}</span>
        </Notice>
      )}
      {patient ? (
        <div className={styles.patient}>
          <span>
            <strong>{patient.name}</strong> Patient No. {patient.patient_id}
          </span>
          <Button onPress={() => onAdmit(patient.patient_id)}>Admit this patient</Button>
        </div>
      ) : null}
      {stored.length > 0 ? (
        <DataTable
          label={`Stored from ${report.file}`}
          columns={storedColumns}
          rows={stored}
          rowKey={(row) => row.type}
        />
      ) : null}
      {report.notStored.length > 0 ? (
        <DataTable
          label={`Not stored from ${report.file}`}
          showLabel
          columns={leftColumns}
          rows={report.notStored}
          rowKey={(row) => `${row.type} ${row.reason}`}
        />
      ) : null}
    </section>
  );
}
