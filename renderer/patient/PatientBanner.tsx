import { useQuery } from "@tanstack/react-query";
import { OctagonAlert } from "lucide-react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { Overview } from "../../shared/clinical/chart";
import { failureOf } from "../bridge/call";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { useNow } from "../design/clock";
import { dayOf } from "../design/format";
import { allergySummary, allergyWords, bornWords, genderWord } from "./banner-words";
import styles from "./PatientBanner.module.css";

export interface PatientBannerProps {
  readonly role: Role;
  readonly overview: Overview;
}

/** Who this chart is about, on top of every page of it, and the allergies, always open. */
export function PatientBanner({ role, overview }: PatientBannerProps) {
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
      </div>
      <Allergies role={role} patientId={overview.patient_id} />
    </section>
  );
}

function placeWords({ ward, bed }: Overview): string {
  if (!ward) return "Not admitted";
  return bed ? `Ward ${ward}, bed ${bed}` : `Ward ${ward}, no bed`;
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
