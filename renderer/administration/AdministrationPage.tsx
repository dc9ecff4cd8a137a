import { useEffect, useRef, useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { AreaProps } from "../app/area-props";
import { EmptyState } from "../design/EmptyState";
import { Page } from "../design/Page";
import { AdmitPanel } from "./AdmitPanel";
import { ImportPanel } from "./ImportPanel";

/** What an administrator does: import patients and admit them to a bed. */
export function AdministrationPage({ session, go }: AreaProps) {
  const [patientId, setPatientId] = useState("");
  /** Grows when a report asks to admit, so that the form comes into view even for the same patient twice. */
  const [asked, setAsked] = useState(0);
  const admission = useRef<HTMLDivElement>(null);
  const { role } = session.person;
  const imports = may(role, "patients.import");
  const admits = may(role, "patients.admit");
  useEffect(() => {
    if (asked === 0) return;
    admission.current?.scrollIntoView({ block: "nearest" });
    admission.current?.querySelector("select")?.focus();
  }, [asked]);
  return (
    <Page title="Administration">
      {imports ? (
        <ImportPanel
          onAdmit={(imported) => {
            setPatientId(imported);
            setAsked((count) => count + 1);
          }}
        />
      ) : null}
      {admits ? (
        <div ref={admission}>
          <AdmitPanel
            patientId={patientId}
            onPatientId={setPatientId}
            onOpenChart={(admitted) => go({ area: "patient", patientId: admitted, tab: "overview" })}
          />
        </div>
      ) : null}
      {imports || admits ? null : (
        <EmptyState title="Nothing to administer">{`Your role (${role}) may neither import nor admit patients.`}</EmptyState>
      )}
    </Page>
  );
}
