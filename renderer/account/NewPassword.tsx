import { CircleAlert, CircleCheck, CircleDashed, type LucideIcon } from "lucide-react";
import { classes } from "../design/classes";
import styles from "./NewPassword.module.css";
import { PasswordField } from "./PasswordField";
import { checkWords, type PasswordCheck, repeatFault } from "./password-words";

export interface NewPasswordProps {
  readonly next: string;
  readonly repeat: string;
  readonly onNext: (value: string) => void;
  readonly onRepeat: (value: string) => void;
  readonly check: PasswordCheck;
  readonly autoFocus?: boolean;
}

/** A new password, typed twice, with the verdict while it is typed. No rules about capitals or digits: length is what counts. */
export function NewPassword({ next, repeat, onNext, onRepeat, check, autoFocus = false }: NewPasswordProps) {
  return (
    <>
      <PasswordField
        label="New password"
        value={next}
        onChange={onNext}
        autoComplete="new-password"
        autoFocus={autoFocus}
        description="A few words in a row are good and easy to remember. Any letters, spaces and signs will do."
      />
      <Verdict check={check} />
      <PasswordField
        label="Repeat new password"
        value={repeat}
        onChange={onRepeat}
        autoComplete="new-password"
        error={repeatFault(next, repeat)}
      />
    </>
  );
}

const signs: Readonly<Record<PasswordCheck["state"], LucideIcon | null>> = {
  none: null,
  checking: CircleDashed,
  acceptable: CircleCheck,
  refused: CircleAlert,
  "not-checked": CircleDashed,
};

function Verdict({ check }: { readonly check: PasswordCheck }) {
  const Sign = signs[check.state];
  return (
    <p
      role="status"
      aria-label="New password"
      className={classes(styles.verdict, check.state === "refused" && styles.refused)}
    >
      {Sign ? <Sign aria-hidden size={18} className={styles.sign} /> : null}
      <span>{checkWords(check)}</span>
    </p>
  );
}
