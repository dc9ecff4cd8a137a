import { useQuery } from "@tanstack/react-query";
import { OctagonAlert } from "lucide-react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { Overview } from "../../shared/clinical/chart";
import type { AreaProps } from "../app/area-props";
import { accessesPlace } from "../audit/audit-view";
import { failureOf } from "../bridge/call";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { useNow } from "../design/clock";
import { dayOf } from "../design/format";
import { Link } from "../design/Link";
import { allergySummary, allergyWords, bornWords, genderWord, resuscitationWords } from "./banner-words";
import styles from "./PatientBanner.module.css";

export interface PatientBannerProps {
  readonly role: Role;
  readonly overview: Overview;
  /** The way to the audit, for roles that may see who looked at this patient. */
  readonly go?: AreaProps["go"];
}

/** Who this chart is about, on top of every page of it, and the allergies, always open. */
export function PatientBanner({ role, overview, go }: PatientBannerProps) {
  const now = useNow();
  const seesBirthDate = may(role, "birth-date.read");
  const identity = useQuery({
    ...toolQuery("get_patient_phi", { patient_id: overview.patient_id }),
    enabled: seesBirthDate,
  });
  return (
    <section aria-label="Patient banner" className={styles.banner}>
      <div className={styles.who}>
        <h1 className={styles.name}>{overview.name}</h1>
        <span>{bornWords(overview.birth_year, identity.data?.date_of_birth, dayOf(now))}</span>
        <span>
          <span className={styles.label}>Gender</span> {genderWord(overview.gender)}
        </span>
        <span>
          <span className={styles.label}>Patient No.</span> <strong>{overview.patient_id}</strong>
        </span>
        {overview.ward === undefined ? null : <span>{placeWords(overview)}</span>}
        <Resuscitation role={role} patientId={overview.patient_id} />
        {go && may(role, "patient-audit.read") ? (
          <span data-print="no">
            <Link onPress={() => go(accessesPlace(overview.patient_id))}>Who has looked at this patient</Link>
          </span>
        ) : null}
      </div>
      <Allergies role={role} patientId={overview.patient_id} />
    </section>
  );
}

function placeWords({ ward, bed }: Overview): string {
  if (!ward) return "Not admitted";
  return bed ? `Ward ${ward}, bed ${bed}` : `Ward ${ward}, no bed`;
}

/** The decision about resuscitation. "Not recorded" and "not checked" are told apart from it, and from each other. */
function Resuscitation({ role, patientId }: { readonly role: Role; readonly patientId: string }) {
  const allowed = may(role, "treatment-plans.read");
  const query = useQuery({ ...toolQuery("get_treatment_plans", { patient_id: patientId }), enabled: allowed });
  if (!allowed) return null;
  return (
    <span>
      <span className={styles.label}>Resuscitation</span>{" "}
      {query.data === undefined ? (
        query.isError ? (
          "Not checked"
        ) : (
          "Reading"
        )
      ) : (
        <strong>{resuscitationWords(query.data.resuscitation_status)}</strong>
      )}
    </span>
  );
}

function Allergies({ role, patientId }: { readonly role: Role; readonly patientId: string }) {
  const allowed = may(role, "allergies.read");
  const query = useQuery({ ...toolQuery("get_allergies", { patient_id: patientId }), enabled: allowed });
  if (!allowed) return <p className={styles.allergies}>Allergies not shown to your role</p>;
  if (query.data === undefined) {
    return query.isError ? (
      <p className={styles.alert} role="alert">
        <OctagonAlert aria-hidden size={18} /> Allergies not checked. {failureOf(query.error).message}{" "}
        <Button onPress={() => void query.refetch()}>Retry</Button>
      </p>
    ) : (
      <p className={styles.allergies}>Allergies: reading</p>
    );
  }
  const summary = allergySummary(query.data.allergy_status, query.data.allergies);
  if (summary.kind !== "recorded") {
    return (
      <p className={summary.kind === "not-asked" ? styles.open : styles.allergies}>
        <span className={styles.label}>Allergies</span> {summary.words}
      </p>
    );
  }
  return (
    <div className={styles.alert}>
      <OctagonAlert aria-hidden size={18} />
      <strong>Allergies</strong>
      <ul className={styles.list}>
        {summary.allergies.map((allergy) => (
          <li key={allergy.id}>{allergyWords(allergy)}</li>
        ))}
      </ul>
    </div>
  );
}
