import type { ReactNode } from "react";
import type { AuditEntry } from "../../shared/tools/audit-tools";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { Facts } from "../design/Facts";
import { withSeconds } from "./AuditTable";
import { actionWords, detailFacts, outcomeWords } from "./audit-words";
import styles from "./EntryDetails.module.css";

export interface EntryDetailsProps {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
  /** Left out where only one's own entries may be read. */
  readonly onSession?: (session: string) => void;
  readonly onPatient?: (patient: string) => void;
}

const none = "None";
/** Details of sign-ins that every entry has a line for. */
const shownAlready: ReadonlySet<string> = new Set(["Address", "Version of the app"]);

/** Everything that one entry says: what, why, under which announcement and session, and its place in the chain. */
export function EntryDetails({ entry, onClose, onSession, onPatient }: EntryDetailsProps) {
  const { session } = entry;
  const said = detailFacts(entry.detail).filter(([name]) => !shownAlready.has(name));
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["When", withSeconds(entry.at)],
    ["What", actionWords[entry.action]],
    ["Tool", entry.tool ?? none],
    ["Outcome", outcomeWords(entry.outcome)],
    ["Who", entry.staff_name ? `${entry.staff_name} (${entry.staff_id})` : (entry.staff_id ?? "Nobody signed in")],
    ["Role", entry.role ?? none],
    ["Workstation", entry.workstation ?? "Not recorded"],
    ["Address", entry.address ?? "Not recorded"],
    ["Version of the app", entry.app_version ?? "Not recorded"],
    ["Patients", entry.patient_ids.length === 0 ? none : entry.patient_ids.join(", ")],
    ...said,
    ["Session", <code key="session">{session ?? none}</code>],
    ["Chain and number", <code key="chain">{`${entry.chain}, ${entry.sequence}`}</code>],
    ...(entry.hash === null
      ? []
      : ([
          [
            "Hash of the entry before",
            <code key="previous">{entry.previous_hash || "None: the first of its chain"}</code>,
          ],
          ["Hash", <code key="hash">{entry.hash}</code>],
        ] as const)),
  ];
  const [one] = entry.patient_ids;
  return (
    <Dialog
      title="Audit entry"
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          {onPatient && one !== undefined && entry.patient_ids.length === 1 ? (
            <Button onPress={() => onPatient(one)}>Who has looked at {one}</Button>
          ) : null}
          {onSession && session ? <Button onPress={() => onSession(session)}>Show this session</Button> : null}
          <Button variant="primary" onPress={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles.facts}>
        <Facts facts={facts} />
      </div>
    </Dialog>
  );
}
