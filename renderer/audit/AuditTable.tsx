import { Ban, Check } from "lucide-react";
import type { AuditEntry } from "../../shared/tools/audit-tools";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatDay, formatTime } from "../design/format";
import styles from "./AuditTable.module.css";
import { actionWords, detailWords, outcomeWords } from "./audit-words";
import { isDenied } from "./entry-counts";

const withSeconds = (at: string): string => `${formatTime(at)}:${String(new Date(at).getSeconds()).padStart(2, "0")}`;

const when: Column<AuditEntry> = {
  id: "at",
  header: "When",
  isRowHeader: true,
  cell: (entry) => `${formatDay(entry.at)} ${withSeconds(entry.at)}`,
};
const who: Column<AuditEntry> = {
  id: "who",
  header: "Who",
  cell: (entry) => (
    <>
      {entry.staff_name ?? "Nobody signed in"}
      <span className={styles.under}>{[entry.staff_id, entry.role].filter(Boolean).join(", ")}</span>
    </>
  ),
};
const rest: readonly Column<AuditEntry>[] = [
  {
    id: "action",
    header: "What",
    cell: (entry) => (
      <>
        {actionWords[entry.action]}
        {entry.tool ? <span className={styles.under}>{entry.tool}</span> : null}
      </>
    ),
  },
  { id: "outcome", header: "Outcome", cell: (entry) => <Outcome entry={entry} /> },
  { id: "patients", header: "Patients", wrap: true, cell: (entry) => <Patients ids={entry.patient_ids} /> },
  {
    id: "detail",
    header: "Detail",
    wrap: true,
    cell: (entry) => <span className={styles.detail}>{detailWords(entry.detail)}</span>,
  },
  { id: "workstation", header: "Workstation", cell: (entry) => entry.workstation ?? "Not recorded" },
  {
    id: "chain",
    header: "Chain, no.",
    cell: (entry) => <span className={styles.soft}>{`${entry.chain.slice(0, 8)}, ${entry.sequence}`}</span>,
  },
];

/** The entries, newest first; `whole` adds who it was. */
export function AuditTable({ entries, whole }: { readonly entries: readonly AuditEntry[]; readonly whole: boolean }) {
  return (
    <DataTable
      label="Audit trail"
      fill
      columns={[when, ...(whole ? [who] : []), ...rest]}
      rows={entries}
      rowKey={(entry) => `${entry.chain} ${entry.sequence}`}
      empty={<EmptyState title="No entries">Nothing matches. Clear a filter, or choose other days.</EmptyState>}
    />
  );
}

function Outcome({ entry }: { readonly entry: AuditEntry }) {
  const denied = isDenied(entry);
  const Sign = denied ? Ban : Check;
  return (
    <span className={styles.outcome} data-denied={denied || undefined}>
      <Sign aria-hidden size={15} />
      {outcomeWords(entry.outcome)}
    </span>
  );
}

const shownPatients = 6;

function Patients({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return <span className={styles.soft}>None</span>;
  if (ids.length <= shownPatients) return ids.join(", ");
  return (
    <details className={styles.many}>
      <summary>{`${ids.length} patients`}</summary>
      {ids.join(", ")}
    </details>
  );
}
