import { Ban, CircleCheck, CircleDashed, Hourglass, KeyRound, type LucideIcon } from "lucide-react";
import type { StaffAccount } from "../../shared/account/account";
import { useNow } from "../design/clock";
import styles from "./AccountStateMark.module.css";
import { type AccountState, stateOf, stateSentence } from "./people-words";

const icons: Readonly<Record<AccountState, LucideIcon>> = {
  active: CircleCheck,
  disabled: Ban,
  locked: Hourglass,
  "no-account": CircleDashed,
  "temporary-password": KeyRound,
};

/** What holds an account back: a shape and words, no colour. */
export function AccountStateMark({ account }: { readonly account: StaffAccount }) {
  const now = useNow();
  const Icon = icons[stateOf(account, now)];
  return (
    <span className={styles.state}>
      <Icon aria-hidden size={18} /> {stateSentence(account, now)}
    </span>
  );
}
