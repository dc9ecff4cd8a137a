import { useMutation } from "@tanstack/react-query";
import { CircleCheck, Link2, OctagonAlert } from "lucide-react";
import { failureOf } from "../bridge/bridge-failure";
import { callTool } from "../bridge/call-tool";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { chainWords } from "./audit-words";
import styles from "./ChainPanel.module.css";

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul className={styles.faults}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** Recomputes the audit's hashes on request and says in words whether anything was touched. */
export function ChainPanel() {
  const verify = useMutation({ mutationFn: () => callTool("verify_audit_chain", {}) });
  const verdict = verify.data;
  const Sign = verdict === undefined ? Link2 : verdict.intact ? CircleCheck : OctagonAlert;
  return (
    <section
      aria-label="Chain of hashes"
      data-print="no"
      className={styles.panel}
      data-broken={verdict?.intact === false || undefined}
    >
      <div className={styles.row}>
        <Button isDisabled={verify.isPending} onPress={() => verify.mutate()}>
          Verify chain
        </Button>
        <Sign aria-hidden size={18} className={styles.sign} />
        <div role="status" aria-label="Chain" className={styles.status}>
          {verify.isPending ? (
            <p>Verifying. A long trail takes a while; the rest of the screen works on.</p>
          ) : verdict ? (
            <>
              <p className={styles.verdict}>
                {chainWords(verdict)} <span className={styles.soft}>Verified {formatMoment(verdict.verified_at)}.</span>
              </p>
              <Lines lines={verdict.faults} />
              <p className={verdict.anchors.state === "differ" ? styles.verdict : undefined}>
                {verdict.anchors.message}
              </p>
              <Lines lines={verdict.anchors.faults} />
              <Lines lines={verdict.anchors.notices} />
            </>
          ) : (
            <p className={styles.soft}>Not verified since this page was opened.</p>
          )}
        </div>
      </div>
      {verify.error ? (
        <ErrorState failure={failureOf(verify.error)} title="not verified" onRetry={() => verify.mutate()} />
      ) : null}
    </section>
  );
}
