import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { AccountView } from "../../shared/account/account";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import styles from "./AccountPanel.module.css";
import { badgeWords, factorWords, passwordWords } from "./account-words";
import { BadgeDialog } from "./BadgeDialog";
import { ChangePasswordDialog } from "./ChangePasswordDialog";
import { FactorState } from "./FactorState";
import { OwnSessions } from "./OwnSessions";
import { RemoveBadgeDialog } from "./RemoveBadgeDialog";
import { SecondFactorDialog, type SecondFactorTask } from "./SecondFactorDialog";
import { useFocusIfLost } from "./use-focus-if-lost";

type Task = "password" | "badge" | "badge-remove" | SecondFactorTask;

/** The own account: password, second factor, badge, and where one is signed in. */
export function AccountPanel() {
  const client = useQueryClient();
  const shown = commandQuery("account.view", {});
  const account = useQuery({ ...shown, staleTime: 0 });
  const [task, setTask] = useState<Task | null>(null);
  const [said, setSaid] = useState("");
  const line = useRef<HTMLParagraphElement>(null);
  useFocusIfLost(line, said);
  const open = (next: Task) => {
    setSaid("");
    setTask(next);
  };
  const close = (words?: string) => {
    setTask(null);
    if (words === undefined) return;
    setSaid(words);
    void client.invalidateQueries({ queryKey: shown.queryKey });
  };
  return (
    <Panel title="Sign-in and security">
      <QueryView query={account} label="Loading your account" rows={6}>
        {(view) => (
          <div className={styles.columns}>
            <div className={styles.ways}>
              <Password view={view} open={open} />
              <SecondFactor view={view} open={open} />
              <Badge view={view} open={open} />
              <p ref={line} role="status" tabIndex={-1} className={styles.said}>
                {said}
              </p>
            </div>
            <OwnSessions sessions={view.sessions} />
          </div>
        )}
      </QueryView>
      {task === "password" ? <ChangePasswordDialog onClose={close} /> : null}
      {task === "badge" ? <BadgeDialog onClose={close} /> : null}
      {task === "badge-remove" ? <RemoveBadgeDialog onClose={close} /> : null}
      {task === "set-up" || task === "replace" || task === "renew-codes" || task === "remove" ? (
        <SecondFactorDialog task={task} onClose={close} />
      ) : null}
    </Panel>
  );
}

interface PartProps {
  readonly view: AccountView;
  readonly open: (task: Task) => void;
}

function Password({ view, open }: PartProps) {
  return (
    <section className={styles.part} aria-label="Password">
      <h3>Password</h3>
      <p>{passwordWords(view.passwordChangedAt)}</p>
      <div className={styles.actions}>
        <Button onPress={() => open("password")}>Change password</Button>
      </div>
    </section>
  );
}

function SecondFactor({ view: { secondFactor }, open }: PartProps) {
  const on = secondFactor.since !== null;
  return (
    <section className={styles.part} aria-label="Second factor">
      <h3>Second factor</h3>
      <p>
        <FactorState on={on} /> {factorWords(secondFactor)}
      </p>
      <div className={styles.actions}>
        {on ? (
          <>
            <Button onPress={() => open("renew-codes")}>New recovery codes</Button>
            <Button onPress={() => open("replace")}>Replace authenticator</Button>
            {secondFactor.required ? null : <Button onPress={() => open("remove")}>Remove second factor</Button>}
          </>
        ) : (
          <Button onPress={() => open("set-up")}>Set up second factor</Button>
        )}
      </div>
    </section>
  );
}

function Badge({ view: { badge }, open }: PartProps) {
  return (
    <section className={styles.part} aria-label="Badge">
      <h3>Badge</h3>
      <p>{badgeWords(badge)}</p>
      <div className={styles.actions}>
        {badge.allowed ? (
          <Button onPress={() => open("badge")}>{badge.since === null ? "Add badge" : "Replace badge"}</Button>
        ) : null}
        {badge.since === null ? null : <Button onPress={() => open("badge-remove")}>Remove badge</Button>}
      </div>
    </section>
  );
}
