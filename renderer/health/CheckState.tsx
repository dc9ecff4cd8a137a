import { CircleCheck, CircleDashed, type LucideIcon, OctagonAlert, TriangleAlert } from "lucide-react";
import type { HealthCheck } from "../../shared/workstation/health";
import { classes } from "../design/classes";
import styles from "./CheckState.module.css";
import { checkStates } from "./health-words";

const icons: Readonly<Record<HealthCheck["state"], LucideIcon>> = {
  good: CircleCheck,
  warning: TriangleAlert,
  bad: OctagonAlert,
  "not-checked": CircleDashed,
};

/** How a check went: a shape, a word, and a colour only where somebody should look. */
export function CheckState({ state }: { readonly state: HealthCheck["state"] }) {
  const Icon = icons[state];
  return (
    <span className={classes(styles.state, state === "warning" && styles.warning, state === "bad" && styles.bad)}>
      <Icon aria-hidden size={18} /> {checkStates[state]}
    </span>
  );
}
