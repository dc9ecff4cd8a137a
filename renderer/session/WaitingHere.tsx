import { useId } from "react";
import type { WaitingPerson } from "../../shared/session/waiting";
import { Button } from "../design/Button";
import styles from "./WaitingHere.module.css";

export interface WaitingHereProps {
  readonly people: readonly WaitingPerson[];
  readonly isBusy: boolean;
  readonly onChoose: (staffId: string) => void;
}

/** Who else locked here and has not come back: their names, and the way to their own sign-in. */
export function WaitingHere({ people, isBusy, onChoose }: WaitingHereProps) {
  const title = useId();
  return (
    <section aria-labelledby={title} className={styles.waiting}>
      <h2 id={title}>Also waiting here</h2>
      <ul className={styles.people}>
        {people.map(({ staffId, name }) => (
          <li key={staffId}>
            <Button isDisabled={isBusy} onPress={() => onChoose(staffId)}>
              {name}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
