import { LockKeyhole, MonitorCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { SessionSummary } from "../../shared/account/account";
import { Age } from "../design/Age";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatMoment } from "../design/format";
import styles from "./SessionsTable.module.css";

export interface SessionsTableProps {
  readonly label: string;
  readonly sessions: readonly SessionSummary[];
  readonly action: (session: SessionSummary) => ReactNode;
  readonly empty: string;
}

/** Where a person is signed in, one row a workstation. */
export function SessionsTable({ label, sessions, action, empty }: SessionsTableProps) {
  const columns: readonly Column<SessionSummary>[] = [
    {
      id: "workstation",
      header: "Workstation",
      isRowHeader: true,
      wrap: true,
      cell: ({ workstation, current }) => (
        <>
          {workstation}
          {current ? <strong className={styles.here}> (here)</strong> : null}
        </>
      ),
    },
    { id: "state", header: "State", cell: (session) => <SessionState session={session} /> },
    { id: "since", header: "Since", cell: ({ startedAt }) => formatMoment(startedAt) },
    { id: "seen", header: "Last seen", cell: ({ lastSeenAt }) => <Age at={lastSeenAt} /> },
    { id: "action", header: "End", cell: action },
  ];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={sessions}
      rowKey={({ id }) => id}
      empty={<EmptyState title="Signed in nowhere">{empty}</EmptyState>}
    />
  );
}

function SessionState({ session }: { readonly session: SessionSummary }) {
  const locked = session.state === "locked";
  const Icon = locked ? LockKeyhole : MonitorCheck;
  return (
    <span className={styles.state}>
      <Icon aria-hidden size={16} /> {locked ? "Locked" : "Open"}
    </span>
  );
}
