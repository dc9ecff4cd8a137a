import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { AuditEntry } from "../../shared/tools/audit-tools";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { QueryView } from "../design/QueryView";
import { AuditFilterForm } from "./AuditFilterForm";
import styles from "./AuditPage.module.css";
import { AuditTable } from "./AuditTable";
import { askedFilter, auditQuestion, pageSize } from "./audit-filter";
import { type AuditView, accessesPlace, auditView, entriesPlace, sessionPlace } from "./audit-view";
import { pageWords } from "./audit-words";
import { ChainPanel } from "./ChainPanel";
import { EntryDetails } from "./EntryDetails";
import { EntryPlot } from "./EntryPlot";
import { ExportPanel } from "./ExportPanel";

/** The entries that a filter finds, a page at a time, in the order of any column. */
export function EntriesPart({ session, place, go }: AreaProps) {
  const { role } = session.person;
  const mayReadAll = may(role, "audit.read");
  const view = auditView(place, mayReadAll);
  const { whole, filter, offset } = view;
  const [opened, open] = useState<AuditEntry | null>(null);
  const question = auditQuestion(filter, offset, whole, view);
  // Each reading is an entry of its own, so it happens on request alone and the page before stays in view meanwhile.
  const once = { staleTime: Number.POSITIVE_INFINITY, placeholderData: keepPreviousData } as const;
  const all = useQuery({ ...toolQuery("get_audit_trail", question), ...once, enabled: whole });
  const own = useQuery({ ...toolQuery("get_my_access_history", question), ...once, enabled: !whole });
  const query = whole ? all : own;

  const show = (change: Partial<AuditView>) => {
    const next: AuditView = { ...view, offset: 0, ...change };
    // The same question again means: what has been added since.
    if (JSON.stringify(next) === JSON.stringify(view)) void query.refetch();
    else go(entriesPlace(next));
  };
  return (
    <>
      {mayReadAll ? (
        <div className={styles.head}>
          <ChainPanel />
          <WholeOrOwn whole={whole} onChange={(next) => show({ whole: next })} />
        </div>
      ) : (
        <p className={styles.soft}>What was recorded under your name, newest first. It cannot be changed by anybody.</p>
      )}
      <AuditFilterForm
        key={JSON.stringify(filter)}
        shown={filter}
        withStaff={whole}
        onShow={(next) => show({ filter: next })}
      />
      {whole && may(role, "audit.export") ? <ExportPanel filter={askedFilter(filter, true)} /> : null}
      <QueryView query={query} label="Reading the audit" rows={8}>
        {(page) => (
          <div className={styles.entries} aria-busy={query.isFetching}>
            <EntryPlot entries={page.entries} />
            <AuditTable
              entries={page.entries}
              whole={whole}
              onOpen={open}
              order={{ now: view, ask: (order) => show(order) }}
            />
            <nav aria-label="Pages of the audit" className={styles.pages} data-print="no">
              <Button isDisabled={offset === 0} onPress={() => show({ offset: Math.max(0, offset - pageSize) })}>
                Newer
              </Button>
              <span role="status">{pageWords(page.offset, page.entries.length, page.total)}</span>
              <Button isDisabled={offset + pageSize >= page.total} onPress={() => show({ offset: offset + pageSize })}>
                Older
              </Button>
            </nav>
          </div>
        )}
      </QueryView>
      {opened ? (
        <EntryDetails
          entry={opened}
          onClose={() => open(null)}
          {...(mayReadAll
            ? {
                onSession: (one: string) => go(sessionPlace(one)),
                onPatient: (patient: string) => go(accessesPlace(patient)),
              }
            : {})}
        />
      ) : null}
    </>
  );
}

function WholeOrOwn({ whole, onChange }: { readonly whole: boolean; readonly onChange: (whole: boolean) => void }) {
  return (
    <fieldset className={styles.choice} data-print="no">
      <legend className="visually-hidden">Whose entries</legend>
      <label>
        <input type="radio" name="audit-whose" checked={whole} onChange={() => onChange(true)} /> Whole trail
      </label>
      <label>
        <input type="radio" name="audit-whose" checked={!whole} onChange={() => onChange(false)} /> My own
      </label>
    </fieldset>
  );
}
