import type { ReactNode } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { AlertsPanel } from "../alerts/AlertsPanel";
import type { AreaProps } from "../app/area-props";
import { EmptyState } from "../design/EmptyState";
import { Page } from "../design/Page";
import { type TabItem, Tabs } from "../design/Tabs";
import { ReviewQueue } from "../emergency/ReviewQueue";

type Part = "alerts" | "reviews";

/** What waits for somebody who watches over the use of patient data. */
export function CompliancePage({ session, place, go }: AreaProps) {
  const { role } = session.person;
  const parts = partsFor(role);
  const open = parts.find(({ id }) => id === place.tab) ?? parts[0];
  return (
    <Page title="Compliance">
      {open === undefined ? (
        <EmptyState title="Nothing to watch">{`Your role (${role}) does not judge alerts.`}</EmptyState>
      ) : (
        <Tabs label="Compliance" items={parts} selected={open.id} onSelect={(tab) => go({ area: "compliance", tab })} />
      )}
    </Page>
  );
}

function partsFor(role: Role): readonly TabItem<Part>[] {
  return [
    ...(may(role, "alerts.read")
      ? [{ id: "alerts" as const, title: "Alerts", content: (): ReactNode => <AlertsPanel role={role} /> }]
      : []),
    ...(may(role, "break-glass.review")
      ? [{ id: "reviews" as const, title: "Emergency access", content: (): ReactNode => <ReviewQueue /> }]
      : []),
  ];
}
