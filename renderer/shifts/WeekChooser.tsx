import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "../design/Button";
import { formatDay } from "../design/format";
import { IconButton } from "../design/IconButton";
import styles from "./WeekChooser.module.css";
import { addDays, mondayOf } from "./week";

export interface WeekChooserProps {
  readonly monday: string;
  readonly today: string;
  readonly onChange: (monday: string) => void;
}

/** Which week is shown, and the way to others. */
export function WeekChooser({ monday, today, onChange }: WeekChooserProps) {
  return (
    <div className={styles.chooser}>
      <IconButton
        icon={ChevronLeft}
        label="Week before"
        variant="secondary"
        onPress={() => onChange(addDays(monday, -7))}
      />
      <span role="status" className={styles.week}>
        {formatDay(monday)} to {formatDay(addDays(monday, 6))}
      </span>
      <IconButton
        icon={ChevronRight}
        label="Week after"
        variant="secondary"
        onPress={() => onChange(addDays(monday, 7))}
      />
      <Button isDisabled={monday === mondayOf(today)} onPress={() => onChange(mondayOf(today))}>
        This week
      </Button>
    </div>
  );
}
