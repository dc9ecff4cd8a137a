import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";
import { classes } from "./classes";
import styles from "./Tabs.module.css";

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly title: string;
  /** Made only while its tab is open, so that nothing is read that nobody looks at. */
  readonly content: () => ReactNode;
  /** Made at once and kept while its tab is closed, for work that goes on there. */
  readonly keep?: boolean;
}

export interface TabsProps<Id extends string> {
  /** Name of the tab list. */
  readonly label: string;
  readonly items: readonly TabItem<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
  readonly className?: string | undefined;
}

/** A row of tabs and the open one's panel. Arrow keys move along the row and only Enter or Space opens: each opening is a read. */
export function Tabs<Id extends string>({ label, items, selected, onSelect, className }: TabsProps<Id>) {
  return (
    <AriaTabs
      className={classes(styles.tabs, className)}
      selectedKey={selected}
      keyboardActivation="manual"
      onSelectionChange={(key) => {
        const item = items.find((each) => each.id === key);
        if (item && item.id !== selected) onSelect(item.id);
      }}
    >
      <TabList aria-label={label} className={classes(styles.list)}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className={classes(styles.tab)}>
            {item.title}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} shouldForceMount={item.keep === true} className={classes(styles.panel)}>
          {item.content()}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
