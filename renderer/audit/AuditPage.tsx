import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { Page } from "../design/Page";
import { QueryView } from "../design/QueryView";
import { AuditFilterForm } from "./AuditFilterForm";
import styles from "./AuditPage.module.css";
import { AuditTable } from "./AuditTable";
import { type AuditFilter, auditQuestion, noFilter, pageSize } from "./audit-filter";
import { pageWords } from "./audit-words";
import { ChainPanel } from "./ChainPanel";
import { EntryPlot } from "./EntryPlot";

/** One's own access history for everyone; the whole trail and its verification for those who may read it. */
export function AuditPage({ session }: AreaProps) {
  const mayReadAll = may(session.person.role, "audit.read");
  const [whole, setWhole] = useState(mayReadAll);
  const [filter, setFilter] = useState<AuditFilter>(noFilter);
  const [offset, setOffset] = useState(0);
  const question = auditQuestion(filter, offset, whole);
  // Each reading is an entry of its own, so it happens on request alone and the page before stays in view meanwhile.
  const once = { staleTime: Number.POSITIVE_INFINITY, placeholderData: keepPreviousData } as const;
  const all = useQuery({ ...toolQuery("get_audit_trail", question), ...once, enabled: whole });
  const own = useQuery({ ...toolQuery("get_my_access_history", question), ...once, enabled: !whole });
  const query = whole ? all : own;

  const show = (next: AuditFilter) => {
    setOffset(0);
    setFilter(next);
    // The same question again means: what has been added since.
    if (next === filter || JSON.stringify(next) === JSON.stringify(filter)) void query.refetch();
  };
  const turnTo = (next: boolean) => {
    setWhole(next);
    setOffset(0);
  };
  return (
    <Page
      title={whole ? "Audit trail" : "My access history"}
      tools={mayReadAll ? <WholeOrOwn whole={whole} onChange={turnTo} /> : null}
    >
      {mayReadAll ? (
        <ChainPanel />
      ) : (
        <p className={styles.soft}>What was recorded under your name, newest first. It cannot be changed by anybody.</p>
      )}
      <AuditFilterForm shown={filter} withStaff={whole} onShow={show} />
      <QueryView query={query} label="Reading the audit" rows={8}>
        {(page) => (
          <div className={styles.entries} aria-busy={query.isFetching}>
            <EntryPlot entries={page.entries} />
            <AuditTable entries={page.entries} whole={whole} />
            <nav aria-label="Pages of the audit" className={styles.pages}>
              <Button isDisabled={offset === 0} onPress={() => setOffset(Math.max(0, offset - pageSize))}>
                Newer
              </Button>
              <span role="status">{pageWords(page.offset, page.entries.length, page.total)}</span>
              <Button isDisabled={offset + pageSize >= page.total} onPress={() => setOffset(offset + pageSize)}>
                Older
              </Button>
            </nav>
          </div>
        )}
      </QueryView>
    </Page>
  );
}

function WholeOrOwn({ whole, onChange }: { readonly whole: boolean; readonly onChange: (whole: boolean) => void }) {
  return (
    <fieldset className={styles.choice}>
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
