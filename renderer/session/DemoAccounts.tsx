import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { Role } from "../../shared/access/roles";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import styles from "./Cover.module.css";

export interface DemoAccountsProps {
  readonly isBusy: boolean;
  readonly onChoose: (role: Role) => void;
}

/** One button a role; the demo hospital's people are invented. */
export function DemoAccounts({ isBusy, onChoose }: DemoAccountsProps) {
  const title = useId();
  const answer = useQuery({
    ...commandQuery("session.demoAccounts", {}),
    // While the database is away nothing else on this page would ask again.
    refetchInterval: (query) => (query.state.status === "error" ? 2000 : false),
  });
  const accounts = answer.data?.accounts ?? [];
  if (accounts.length === 0) return null;
  return (
    // a fieldset would belong to the form above
    <div role="group" aria-labelledby={title} className={styles.accounts}>
      <h2 id={title}>Demo accounts</h2>
      <p className={styles.small}>Invented people. One press signs in.</p>
      <div className={styles.grid}>
        {accounts.map(({ role, name }) => (
          <div key={role} className={styles.account}>
            <Button isDisabled={isBusy} aria-describedby={`${title}-${role}`} onPress={() => onChoose(role)}>
              {role}
            </Button>
            <span id={`${title}-${role}`} className={styles.small}>
              {name}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
