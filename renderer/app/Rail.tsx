import { Keyboard, LogOut, Printer } from "lucide-react";
import type { Place } from "../../shared/session/session-state";
import { Button } from "../design/Button";
import { Link } from "../design/Link";
import type { areas } from "./areas";
import styles from "./Rail.module.css";

export interface RailProps {
  readonly areas: typeof areas;
  readonly current: Place["area"];
  readonly go: (place: Place) => void;
  readonly onKeys: () => void;
  readonly onPrint: () => void;
  readonly onSignOut: () => void;
}

/** The left rail: a sign and a word for each area that this role has. */
export function Rail({ areas: shown, current, go, onKeys, onPrint, onSignOut }: RailProps) {
  return (
    <div className={styles.rail} data-print="no">
      <nav aria-label="Main">
        <ul>
          {shown.map(({ area, word, icon: Icon }) => (
            <li key={area}>
              <Link className={styles.link} current={isCurrent(area, current)} onPress={() => go({ area })}>
                <Icon aria-hidden size={20} />
                <span>{word}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.foot}>
        <Button variant="quiet" onPress={onKeys}>
          <Keyboard aria-hidden size={16} /> Keys
        </Button>
        <Button variant="quiet" onPress={onPrint}>
          <Printer aria-hidden size={16} /> Print
        </Button>
        <Button variant="quiet" onPress={onSignOut}>
          <LogOut aria-hidden size={16} /> Sign out
        </Button>
      </div>
    </div>
  );
}

/** An open chart belongs to the patients. */
function isCurrent(area: Place["area"], current: Place["area"]): boolean {
  return area === current || (area === "patients" && current === "patient");
}
