import type { ReactNode } from "react";
import { may } from "../../shared/access/role-permissions";
import type { AreaProps } from "../app/area-props";
import { Page } from "../design/Page";
import { Tabs } from "../design/Tabs";
import styles from "./AuditPage.module.css";
import { type AuditTab, auditTab, auditView } from "./audit-view";
import { EntriesPart } from "./EntriesPart";
import { PatientAccessesPart } from "./PatientAccessesPart";
import { SessionsPart } from "./SessionsPart";

const titles: Readonly<Record<Exclude<AuditTab, "entries">, string>> = {
  sessions: "Sessions",
  patient: "Who has looked at a patient",
};

const part = (content: ReactNode) => <div className={styles.part}>{content}</div>;

/** One's own access history for everyone; the whole trail, sessions and patients for those who may read them. */
export function AuditPage(props: AreaProps) {
  const { session, place, go } = props;
  const mayReadAll = may(session.person.role, "audit.read");
  const tab = mayReadAll ? auditTab(place.tab) : "entries";
  const whole = auditView(place, mayReadAll).whole;
  const title = tab === "entries" ? (whole ? "Audit trail" : "My access history") : titles[tab];
  if (!mayReadAll)
    return (
      <Page title={title}>
        <EntriesPart {...props} />
      </Page>
    );
  return (
    <Page title={title}>
      <Tabs
        label="Audit"
        className={styles.tabs}
        selected={tab}
        onSelect={(next) => go({ area: "audit", tab: next })}
        items={[
          { id: "entries", title: "Entries", content: () => part(<EntriesPart {...props} />) },
          { id: "sessions", title: "Sessions", content: () => part(<SessionsPart {...props} />) },
          { id: "patient", title: "A patient", content: () => part(<PatientAccessesPart {...props} />) },
        ]}
      />
    </Page>
  );
}
