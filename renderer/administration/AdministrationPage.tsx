import type { ReactNode } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { AreaProps } from "../app/area-props";
import { EmptyState } from "../design/EmptyState";
import { Page } from "../design/Page";
import { type TabItem, Tabs } from "../design/Tabs";
import { HealthPanel } from "../health/HealthPanel";
import { PeoplePart } from "../people/PeoplePart";
import { UpdatesPanel } from "../updates/UpdatesPanel";
import styles from "./AdministrationPage.module.css";
import { PatientsPart } from "./PatientsPart";

type Part = "patients" | "people" | "health";

/** What an administrator does: import and admit patients, look after accounts and the workstation. */
export function AdministrationPage({ session, place, go }: AreaProps) {
  const { role, staffId } = session.person;
  const parts = partsFor(role, staffId, go);
  const open = parts.find(({ id }) => id === place.tab) ?? parts[0];
  return (
    <Page title="Administration">
      {open === undefined ? (
        <EmptyState title="Nothing to administer">{`Your role (${role}) may neither import nor admit patients.`}</EmptyState>
      ) : (
        <Tabs
          label="Administration"
          items={parts}
          selected={open.id}
          onSelect={(tab) => go({ area: "administration", tab })}
          className={styles.tabs}
        />
      )}
    </Page>
  );
}

function partsFor(role: Role, staffId: string, go: AreaProps["go"]): readonly TabItem<Part>[] {
  const patients = may(role, "patients.import") || may(role, "patients.admit");
  return [
    // It stays while its tab is closed: an import that runs must not lose its report.
    ...(patients
      ? [
          {
            id: "patients" as const,
            title: "Patients",
            keep: true,
            content: () => <PatientsPart role={role} go={go} />,
          },
        ]
      : []),
    ...(may(role, "people.manage")
      ? [{ id: "people" as const, title: "People", content: () => <PeoplePart ownStaffId={staffId} /> }]
      : []),
    ...(may(role, "health.read")
      ? [
          {
            id: "health" as const,
            title: "Health and updates",
            content: (): ReactNode => (
              <div className={styles.part}>
                <HealthPanel />
                <UpdatesPanel />
              </div>
            ),
          },
        ]
      : []),
  ];
}
