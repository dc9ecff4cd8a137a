import { useQuery } from "@tanstack/react-query";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { Allergy } from "../../shared/clinical/chart";
import { toolQuery } from "../bridge/ward-query";
import { formatDay } from "../design/format";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import styles from "./AllergyPanel.module.css";
import { allergySummary, allergyWords } from "./banner-words";
import { closedTo } from "./chart-tabs";

/** The allergies with their reaction and day, past ones below and called past. */
export function AllergyPanel({ role, patientId }: { readonly role: Role; readonly patientId: string }) {
  const allowed = may(role, "allergies.read");
  const query = useQuery({ ...toolQuery("get_allergies", { patient_id: patientId }), enabled: allowed });
  return (
    <Panel title="Allergies">
      {allowed ? (
        <QueryView query={query} rows={2} label="Loading the allergies">
          {(answer) => {
            const summary = allergySummary(answer.allergy_status, answer.allergies);
            const past = answer.allergies.filter((allergy) => allergy.status !== "active");
            return (
              <>
                {summary.kind === "recorded" ? <List allergies={summary.allergies} /> : <p>{summary.words}</p>}
                {past.length > 0 ? (
                  <>
                    <h3 className={styles.past}>No longer active</h3>
                    <List allergies={past} />
                  </>
                ) : null}
              </>
            );
          }}
        </QueryView>
      ) : (
        <p>{closedTo(role, "allergies.read")}</p>
      )}
    </Panel>
  );
}

function List({ allergies }: { readonly allergies: readonly Allergy[] }) {
  return (
    <ul className={styles.list}>
      {allergies.map((allergy) => (
        <li key={allergy.id}>
          {allergyWords(allergy)}
          <div className={styles.day}>
            {allergy.recorded_on ? `Recorded ${formatDay(allergy.recorded_on)}` : "Day not recorded"}
          </div>
        </li>
      ))}
    </ul>
  );
}
