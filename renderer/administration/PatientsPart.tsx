import { useEffect, useRef, useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { AreaProps } from "../app/area-props";
import styles from "./AdministrationPage.module.css";
import { AdmitPanel } from "./AdmitPanel";
import { ImportPanel } from "./ImportPanel";

/** Import patients and admit them to a bed. */
export function PatientsPart({ role, go }: { readonly role: Role; readonly go: AreaProps["go"] }) {
  const [patientId, setPatientId] = useState("");
  /** Grows when a report asks to admit, so that the form comes into view even for the same patient twice. */
  const [asked, setAsked] = useState(0);
  const admission = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked === 0) return;
    admission.current?.scrollIntoView({ block: "nearest" });
    admission.current?.querySelector("select")?.focus();
  }, [asked]);
  return (
    <div className={styles.part}>
      {may(role, "patients.import") ? (
        <ImportPanel
          onAdmit={(imported) => {
            setPatientId(imported);
            setAsked((count) => count + 1);
          }}
        />
      ) : null}
      {may(role, "patients.admit") ? (
        <div ref={admission}>
          <AdmitPanel
            patientId={patientId}
            onPatientId={setPatientId}
            onOpenChart={(admitted) => go({ area: "patient", patientId: admitted, tab: "overview" })}
          />
        </div>
      ) : null}
    </div>
  );
}
