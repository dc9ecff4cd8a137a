import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { LocalAttention } from "../../shared/offline/offline-state";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { Panel } from "../design/Panel";
import styles from "./AttentionPage.module.css";

/** What lies on this workstation's disk and never reached the database. `known` are entries that the list above shows already. */
export function LocalEntries({ known }: { readonly known: ReadonlySet<string> }) {
  const client = useQueryClient();
  const query = useQuery(commandQuery("attention.local", {}));
  const settle = useMutation({
    mutationFn: (id: string) => call("attention.settleLocal", { id }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["command", "attention.local"] }),
  });
  if (query.isError && query.data === undefined)
    return (
      <ErrorState
        failure={failureOf(query.error)}
        title="this workstation's own entries were not read"
        onRetry={() => void query.refetch()}
      />
    );
  const entries = (query.data?.entries ?? []).filter((entry) => !known.has(entry.id));
  if (entries.length === 0) return null;
  return (
    <Panel title="On this workstation only" aside={`${entries.length}`}>
      {settle.error ? <ErrorState failure={failureOf(settle.error)} title="not settled" /> : null}
      <ul className={styles.entries}>
        {entries.map((entry) => (
          <li key={entry.id} className={styles.entry}>
            <p>
              <strong>
                {entry.kind === "unreadable" ? "An entry that cannot be read" : "An entry that was not taken"}
              </strong>
              {entry.patient === null ? "" : `, patient number ${entry.patient}`}
            </p>
            <p>{whatIsKnown(entry)}</p>
            {entry.canSettle ? (
              <div>
                <Button onPress={() => settle.mutate(entry.id)} isDisabled={settle.isPending}>
                  Dealt with
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function whatIsKnown({ reason, recordedAt, enteredAt }: LocalAttention): string {
  const when = [
    recordedAt === null ? "" : `Measured ${formatMoment(recordedAt)}.`,
    enteredAt === null ? "" : `Entered ${formatMoment(enteredAt)}.`,
  ];
  return [reason ?? "Somebody else entered it here; they see more when they sign in.", ...when]
    .filter(Boolean)
    .join(" ");
}
