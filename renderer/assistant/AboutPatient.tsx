import { useQuery } from "@tanstack/react-query";
import { UserRound, X } from "lucide-react";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { IconButton } from "../design/IconButton";
import styles from "./AboutPatient.module.css";

export interface AboutPatientProps {
  readonly patientId: string;
  /** False when the person said that the question is about something else. */
  readonly included: boolean;
  readonly onInclude: (included: boolean) => void;
}

/** Says that the question goes with the open chart, and lets the person send it without. */
export function AboutPatient({ patientId, included, onInclude }: AboutPatientProps) {
  // The banner beside has asked the same, so this costs no second read.
  const overview = useQuery(toolQuery("get_patient_overview", { patient_id: patientId })).data;
  const who = overview ? `${overview.name} (${patientId})` : `patient ${patientId}`;
  if (!included)
    return (
      <div className={styles.about}>
        <Button variant="quiet" onPress={() => onInclude(true)}>
          Ask about {who}
        </Button>
      </div>
    );
  return (
    <div className={styles.about}>
      <span className={styles.who}>
        <UserRound aria-hidden size={15} />
        <span>
          About <strong>{who}</strong>
        </span>
      </span>
      <IconButton icon={X} label={`Ask without ${who}`} onPress={() => onInclude(false)} />
    </div>
  );
}
