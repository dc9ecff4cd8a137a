import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Person } from "../../shared/session/session-state";
import type { AffectedPatient, AuditEntry } from "../../shared/tools/audit-tools";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { useNow } from "../design/clock";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { Facts } from "../design/Facts";
import { formatMoment } from "../design/format";
import { Link } from "../design/Link";
import { QueryView } from "../design/QueryView";
import { AuditTable, withSeconds } from "./AuditTable";
import { accessesPlace } from "./audit-view";
import { endWords, pageWords, timesWords } from "./audit-words";
import { EntryDetails } from "./EntryDetails";
import { ExportPanel } from "./ExportPanel";
import styles from "./Report.module.css";

/** One screen and one print of everything; a sitting of twelve hours has fewer. */
const most = 2000;

export interface SessionReportProps {
  readonly id: string;
  readonly reader: Person;
  readonly go: AreaProps["go"];
  readonly onBack: () => void;
}

/** Everything that one session saw, in order, and the patients whom it affects. */
export function SessionReport({ id, reader, go, onBack }: SessionReportProps) {
  const [offset, setOffset] = useState(0);
  const [opened, open] = useState<AuditEntry | null>(null);
  const query = useQuery({
    ...toolQuery("get_session_forensics", { session: id, limit: most, offset }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const columns: readonly Column<AffectedPatient>[] = [
    {
      id: "patient",
      header: "Patient",
      isRowHeader: true,
      cell: (one) => (
        <Link
          onPress={() => go(accessesPlace(one.patient_id))}
        >{`${one.name ?? "Name not shown"}, ${one.patient_id}`}</Link>
      ),
    },
    { id: "first", header: "First", cell: (one) => withSeconds(one.first_at) },
    { id: "last", header: "Last", cell: (one) => withSeconds(one.last_at) },
    { id: "times", header: "Seen", cell: (one) => timesWords(one.granted, one.refused) },
  ];
  return (
    <div className={styles.report}>
      <div className={styles.tools} data-print="no">
        <Button onPress={onBack}>Other sessions</Button>
        <Button onPress={() => window.print()} isDisabled={query.data === undefined}>
          <Printer aria-hidden size={16} />
          Print
        </Button>
        {may(reader.role, "audit.export") ? <ExportPanel filter={{ session: id }} label="this session" /> : null}
      </div>
      <QueryView query={query} label="Reading the session" rows={8}>
        {({ sessions, opened: seen }) => {
          const [one] = sessions;
          if (!one || !seen)
            return <EmptyState title="No such session">It is not in the audit. Go back and choose another.</EmptyState>;
          return (
            <>
              <h2 className={styles.heading}>
                Session of {one.staff_name}, {formatMoment(one.started_at)}
              </h2>
              <Facts
                facts={[
                  ["Who", `${one.staff_name} (${one.staff_id}), ${one.role}`],
                  ["Workstation", `${one.workstation || "Not recorded"}, ${one.address || "address not recorded"}`],
                  ["Began", formatMoment(one.started_at)],
                  ["Last seen", formatMoment(one.last_seen)],
                  ["Ended", endWords(one)],
                  ["Session", one.session],
                ]}
              />
              <h3 className={styles.heading}>Patients affected: {seen.patients.length.toLocaleString("en-GB")}</h3>
              <DataTable
                label="Patients affected"
                columns={columns}
                rows={seen.patients}
                rowKey={(patient) => patient.patient_id}
                empty={<EmptyState title="No patient">This session saw no patient and asked for none.</EmptyState>}
              />
              <h3 className={styles.heading}>Everything in order</h3>
              <AuditTable
                entries={seen.entries}
                whole={false}
                onOpen={open}
                label="Entries of the session"
                fill={false}
              />
              <nav aria-label="Pages of the session" className={styles.tools} data-print="no">
                <Button isDisabled={offset === 0} onPress={() => setOffset(Math.max(0, offset - most))}>
                  Earlier
                </Button>
                <span role="status">{pageWords(offset, seen.entries.length, seen.total)}</span>
                <Button isDisabled={offset + most >= seen.total} onPress={() => setOffset(offset + most)}>
                  Later
                </Button>
              </nav>
              <Printed reader={reader} />
            </>
          );
        }}
      </QueryView>
      {opened ? (
        <EntryDetails entry={opened} onClose={() => open(null)} onPatient={(patient) => go(accessesPlace(patient))} />
      ) : null}
    </div>
  );
}

/** At the end of what was printed: by whom and when. */
export function Printed({ reader }: { readonly reader: Person }) {
  const now = useNow();
  return (
    <p className={styles.printed}>
      Printed by {reader.name} ({reader.role}), {formatMoment(new Date(now).toISOString())}. Confidential. The printing
      is in the audit as the reading before it.
    </p>
  );
}
