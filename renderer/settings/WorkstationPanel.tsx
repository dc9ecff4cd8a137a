import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import type { ConfigurationItem } from "../../shared/workstation/configuration";
import { commandQuery } from "../bridge/ward-query";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { sources } from "./configuration-words";
import styles from "./WorkstationPanel.module.css";

const columns: readonly Column<ConfigurationItem>[] = [
  { id: "title", header: "Setting", isRowHeader: true, width: "18rem", cell: ({ title }) => title },
  {
    id: "value",
    header: "Value",
    wrap: true,
    cell: ({ value }) => <span className={styles.value}>{value}</span>,
  },
  {
    id: "source",
    header: "Decided by",
    width: "20rem",
    cell: ({ locked, source }) =>
      locked ? (
        <span className={styles.locked}>
          <Lock aria-hidden size={16} /> Set by IT
        </span>
      ) : (
        <span className={styles.source}>{sources[source]}</span>
      ),
  },
];

/** How this workstation is set, and who decided what. */
export function WorkstationPanel() {
  const configuration = useQuery(commandQuery("configuration.view", {}));
  return (
    <Panel title="This workstation">
      <QueryView query={configuration} label="Loading how this workstation is set" rows={6}>
        {({ items }) => (
          <DataTable
            label="This workstation"
            columns={columns}
            rows={items}
            rowKey={({ name }) => name}
            empty={<EmptyState title="Nothing is set">Everything is as Lamplight brings it.</EmptyState>}
          />
        )}
      </QueryView>
      <p className={styles.soft}>
        What is set by IT comes from the managed configuration of all workstations and cannot be changed in the app.
      </p>
    </Panel>
  );
}
