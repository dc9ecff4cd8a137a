import { Ban, Check } from "lucide-react";
import type { AuditEntry } from "../../shared/tools/audit-tools";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatDay, formatTime } from "../design/format";
import { Link } from "../design/Link";
import styles from "./AuditTable.module.css";
import type { AuditOrder } from "./audit-filter";
import { actionWords, detailWords, outcomeWords } from "./audit-words";
import { isDenied } from "./entry-counts";

export const withSeconds = (at: string): string =>
  `${formatDay(at)} ${formatTime(at)}:${String(new Date(at).getSeconds()).padStart(2, "0")}`;

const who: Column<AuditEntry> = {
  id: "person",
  header: "Who",
  sorts: true,
  cell: (entry) => (
    <>
      {entry.staff_name ?? "Nobody signed in"}
      <span className={styles.under}>{entry.staff_id ?? ""}</span>
    </>
  ),
};
const role: Column<AuditEntry> = { id: "role", header: "Role", sorts: true, cell: (entry) => entry.role ?? "None" };
const rest: readonly Column<AuditEntry>[] = [
  { id: "action", header: "What", sorts: true, wrap: true, cell: (entry) => actionWords[entry.action] },
  { id: "tool", header: "Tool", sorts: true, cell: (entry) => entry.tool ?? <span className={styles.soft}>None</span> },
  { id: "outcome", header: "Outcome", sorts: true, cell: (entry) => <Outcome entry={entry} /> },
  {
    id: "patients",
    header: "Patients",
    sorts: true,
    wrap: true,
    cell: (entry) => <Patients ids={entry.patient_ids} />,
  },
  {
    id: "detail",
    header: "Detail",
    sorts: true,
    wrap: true,
    cell: (entry) => <span className={styles.detail}>{detailWords(entry.detail)}</span>,
  },
  { id: "workstation", header: "Workstation", sorts: true, cell: (entry) => entry.workstation ?? "Not recorded" },
  {
    id: "session",
    header: "Session",
    sorts: true,
    cell: (entry) => <span className={styles.soft}>{entry.session?.slice(0, 8) ?? "None"}</span>,
  },
  {
    id: "chain",
    header: "Chain, no.",
    sorts: true,
    cell: (entry) => <span className={styles.soft}>{`${entry.chain.slice(0, 8)}, ${entry.sequence}`}</span>,
  },
];

export interface AuditTableProps {
  readonly entries: readonly AuditEntry[];
  /** Adds who it was. */
  readonly whole: boolean;
  readonly onOpen?: (entry: AuditEntry) => void;
  readonly order?: { readonly now: AuditOrder; readonly ask: (order: AuditOrder) => void };
  readonly label?: string;
  readonly fill?: boolean;
}

/** The entries, in the order in which they come. */
export function AuditTable({ entries, whole, onOpen, order, label = "Audit trail", fill = true }: AuditTableProps) {
  const when: Column<AuditEntry> = {
    id: "at",
    header: "When",
    sorts: true,
    isRowHeader: true,
    cell: (entry) =>
      onOpen ? (
        <Link
          onPress={() => onOpen(entry)}
          aria-label={`Details of ${withSeconds(entry.at)}, ${actionWords[entry.action]}`}
        >
          {withSeconds(entry.at)}
        </Link>
      ) : (
        withSeconds(entry.at)
      ),
  };
  return (
    <DataTable
      label={label}
      fill={fill}
      columns={[when, ...(whole ? [who, role] : []), ...rest]}
      rows={entries}
      rowKey={(entry) => `${entry.chain} ${entry.sequence}`}
      {...(onOpen ? { onOpen } : {})}
      {...(order
        ? {
            order: {
              now: { column: order.now.sort, direction: order.now.direction },
              ask: ({ column, direction }) => order.ask({ sort: column as AuditOrder["sort"], direction }),
            },
          }
        : {})}
      empty={<EmptyState title="No entries">Nothing matches. Clear a filter, or choose other days.</EmptyState>}
    />
  );
}

export function Outcome({ entry }: { readonly entry: Pick<AuditEntry, "action" | "outcome"> }) {
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
