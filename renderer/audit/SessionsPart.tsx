import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AuditSession } from "../../shared/tools/audit-tools";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { formatMoment } from "../design/format";
import { Link } from "../design/Link";
import { QueryView } from "../design/QueryView";
import { TextField } from "../design/TextField";
import form from "./AuditFilterForm.module.css";
import styles from "./AuditPage.module.css";
import { askedFilter, noFilter } from "./audit-filter";
import { noSessions, type SessionsView, sessionsPlace, sessionsView } from "./audit-view";
import { endWords } from "./audit-words";
import { SessionReport } from "./SessionReport";

/** Chooses a session by person, workstation and time, and shows everything that it saw. */
export function SessionsPart({ session, place, go }: AreaProps) {
  const view = sessionsView(place);
  if (view.session !== "")
    return (
      <SessionReport
        id={view.session}
        reader={session.person}
        go={go}
        onBack={() => go(sessionsPlace({ ...view, session: "" }))}
      />
    );
  return <SessionList view={view} go={go} key={place.view ?? ""} />;
}

function SessionList({ view, go }: { readonly view: SessionsView; readonly go: AreaProps["go"] }) {
  const [typed, setTyped] = useState(view);
  const { staff_id, workstation, from, to } = askedFilter(
    { ...noFilter, workstation: view.workstation, from: view.from, to: view.to },
    true,
  ) as { staff_id?: string; workstation?: string; from?: string; to?: string };
  const staff = view.staff.trim() || staff_id;
  const query = useQuery({
    ...toolQuery("get_session_forensics", {
      ...(staff ? { staff_id: staff } : {}),
      ...(workstation ? { workstation } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const faulty = typed.from !== "" && typed.to !== "" && typed.from > typed.to;
  const set = (field: keyof SessionsView) => (value: string) => setTyped({ ...typed, [field]: value });
  const columns: readonly Column<AuditSession>[] = [
    {
      id: "began",
      header: "Began",
      isRowHeader: true,
      cell: (one) => (
        <Link onPress={() => go(sessionsPlace({ ...view, session: one.session }))}>{formatMoment(one.started_at)}</Link>
      ),
    },
    { id: "who", header: "Who", cell: (one) => `${one.staff_name} (${one.staff_id}), ${one.role}` },
    { id: "workstation", header: "Workstation", cell: (one) => one.workstation || "Not recorded" },
    { id: "seen", header: "Last seen", cell: (one) => formatMoment(one.last_seen) },
    { id: "end", header: "Ended", cell: (one) => endWords(one) },
    { id: "entries", header: "Entries", align: "end", cell: (one) => one.entries.toLocaleString("en-GB") },
  ];
  return (
    <>
      <form
        aria-label="Find a session"
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (faulty) return;
          if (JSON.stringify(typed) === JSON.stringify(view)) void query.refetch();
          else go(sessionsPlace(typed));
        }}
      >
        <TextField label="Staff id" value={typed.staff} onChange={set("staff")} maxLength={40} />
        <TextField label="Workstation" value={typed.workstation} onChange={set("workstation")} maxLength={80} />
        <TextField label="From" type="datetime-local" value={typed.from} onChange={set("from")} />
        <TextField
          label="To"
          type="datetime-local"
          value={typed.to}
          onChange={set("to")}
          error={faulty ? "The end is before the beginning." : null}
        />
        <div className={form.buttons}>
          <Button variant="primary" type="submit" isDisabled={faulty}>
            Find sessions
          </Button>
          <Button onPress={() => go(sessionsPlace(noSessions))}>Clear</Button>
        </div>
      </form>
      <QueryView query={query} label="Reading the sessions" rows={6}>
        {(found) => (
          <div className={styles.entries} aria-busy={query.isFetching}>
            <DataTable
              label="Sessions"
              fill
              columns={columns}
              rows={found.sessions}
              rowKey={(one) => one.session}
              onOpen={(one) => go(sessionsPlace({ ...view, session: one.session }))}
              empty={<EmptyState title="No sessions">Nothing matches. Choose another person or time.</EmptyState>}
            />
            <p role="status" className={styles.soft}>
              {found.sessions.length < found.total
                ? `The newest ${found.sessions.length} of ${found.total.toLocaleString("en-GB")}. Choose a person or a time to see others.`
                : `${found.total.toLocaleString("en-GB")} found.`}
            </p>
          </div>
        )}
      </QueryView>
    </>
  );
}
