import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { Notice } from "../design/Notice";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import type { ChartTabProps } from "./chart-tab-props";
import styles from "./IdentityTab.module.css";
import { fieldState, type Identity, identityFields, type Revealable } from "./identity-fields";
import { RevealDialog } from "./RevealDialog";

const levels: Readonly<Record<Identity["_access_level"], string>> = {
  full: "Your role sees identity data in full; two fields are masked until you give a reason.",
  redacted: "Your role sees that these fields exist, and not what they hold.",
  insurance_only: "Your role sees insurance data only.",
};
const shownFor = 60;

/** Identity data, masked; one field at a time is revealed for a reason, and masked again after a minute. */
export function IdentityTab({ patientId, session }: ChartTabProps) {
  const query = useQuery(toolQuery("get_patient_phi", { patient_id: patientId }));
  return (
    <QueryView query={query} rows={8} label="Loading identity data">
      {(identity) => (
        <Panel title="Identity data" className={styles.panel}>
          <Notice kind="info">{levels[identity._access_level]} Each look is recorded.</Notice>
          <Fields identity={identity} patientId={patientId} role={session.person.role} />
        </Panel>
      )}
    </QueryView>
  );
}

interface FieldsProps {
  readonly identity: Identity;
  readonly patientId: string;
  readonly role: Role;
}

function Fields({ identity, patientId, role }: FieldsProps) {
  const [asking, setAsking] = useState<{ field: Revealable; label: string } | null>(null);
  const [revealed, setRevealed] = useState<{ field: Revealable; value: string | null } | null>(null);
  const mayReveal = may(role, "identity.read");
  return (
    <>
      <dl className={styles.fields}>
        {identityFields.map(({ field, label, reveals }) => {
          const state = fieldState(identity, field);
          const shown = reveals !== undefined && revealed?.field === reveals ? revealed : null;
          return (
            <div key={field} className={styles.field}>
              <dt>{label}</dt>
              <dd className={state.kind === "value" || shown ? styles.value : styles.absent}>
                {shown ? (shown.value ?? "Not recorded") : state.words}
                {shown ? <Countdown key={shown.field} onOver={() => setRevealed(null)} /> : null}
                {state.kind === "masked" && mayReveal && reveals ? (
                  // One button for both, so that the focus has somewhere to come back to from the dialog.
                  <Button
                    aria-label={`${shown ? "Hide" : "Reveal"} ${label}`}
                    onPress={() => (shown ? setRevealed(null) : setAsking({ field: reveals, label }))}
                  >
                    {shown ? "Hide" : "Reveal"}
                  </Button>
                ) : null}
              </dd>
            </div>
          );
        })}
      </dl>
      <RevealDialog
        asking={asking}
        patientId={patientId}
        onClose={() => setAsking(null)}
        onRevealed={(value) => {
          if (asking) setRevealed({ field: asking.field, value });
          setAsking(null);
        }}
      />
    </>
  );
}

/** The seconds until a revealed value is masked again. */
function Countdown({ onOver }: { readonly onOver: () => void }) {
  const [left, setLeft] = useState(shownFor);
  useEffect(() => {
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left <= 0) onOver();
  }, [left, onOver]);
  return <span className={styles.left}>masked again in {left} s</span>;
}
