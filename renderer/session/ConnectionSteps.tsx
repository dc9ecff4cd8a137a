import { CircleCheck, CircleDashed, CircleX, type LucideIcon } from "lucide-react";
import { type ConnectionTest, connectionSteps } from "../../shared/workstation/connection";
import { classes } from "../design/classes";
import styles from "./ConnectionSteps.module.css";
import { stepStates, stepWords } from "./connection-words";

type State = ConnectionTest["steps"][number]["state"];
const icons: Readonly<Record<State, LucideIcon>> = {
  passed: CircleCheck,
  failed: CircleX,
  "not-checked": CircleDashed,
};

/** The five steps of a test; before the first one what each will look at, so that nothing moves when the answers come. */
export function ConnectionSteps({ test }: { readonly test: ConnectionTest | null }) {
  return (
    <ol className={styles.steps} aria-label="Connection test">
      {connectionSteps.map((step) => {
        const found = test?.steps.find((each) => each.step === step);
        const state = found?.state ?? "not-checked";
        const Icon = icons[state];
        return (
          <li key={step} className={classes(styles.step, state === "failed" && styles.failed)}>
            <Icon aria-hidden size={20} className={styles.icon} />
            <div>
              <div className={styles.title}>
                <strong>{stepWords[step].title}</strong> <span className={styles.state}>{stepStates[state]}</span>
              </div>
              <p className={styles.message}>{found?.message || stepWords[step].looksAt}</p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
