import { ShieldCheck, ShieldOff } from "lucide-react";
import styles from "./FactorState.module.css";

/** Whether there is a second factor: a shape and a word. */
export function FactorState({ on }: { readonly on: boolean }) {
  const Icon = on ? ShieldCheck : ShieldOff;
  return (
    <span className={styles.state}>
      <Icon aria-hidden size={18} /> {on ? "On" : "Off"}
    </span>
  );
}
