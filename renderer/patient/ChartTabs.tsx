import type { ReactNode } from "react";
import type { Place } from "../../shared/session/session-state";
import { Tabs } from "../design/Tabs";
import styles from "./ChartTabs.module.css";
import { chartTab, chartTabs } from "./chart-tabs";

export interface ChartTabsProps {
  readonly place: Place;
  readonly go: (place: Place) => void;
  readonly content: (tab: (typeof chartTabs)[number]) => ReactNode;
}

/** The tabs of one patient's chart, the same whether it is read from the database or from the ward's copy. */
export function ChartTabs({ place, go, content }: ChartTabsProps) {
  return (
    <Tabs
      label="Chart"
      className={styles.tabs}
      selected={chartTab(place.tab)}
      onSelect={(tab) => go({ area: "patient", patientId: place.patientId ?? "", tab })}
      items={chartTabs.map((tab) => ({ id: tab.id, title: tab.title, content: () => content(tab) }))}
    />
  );
}
