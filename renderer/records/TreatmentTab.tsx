import { useQuery } from "@tanstack/react-query";
import type { ToolOutput } from "../../shared/tools/registry";
import { toolQuery } from "../bridge/ward-query";
import { EmptyState } from "../design/EmptyState";
import { formatDay, formatMoment } from "../design/format";
import { QueryView } from "../design/QueryView";
import { useHighlight } from "../design/use-highlight";
import type { ChartTabProps } from "../patient/chart-tab-props";
import { capital } from "./record-words";
import styles from "./records.module.css";

type Plan = ToolOutput<"get_treatment_plans">["plans"][number];

/** The treatment plans with goal, steps and follow-up. */
export function TreatmentTab({ patientId, itemId }: ChartTabProps) {
  const query = useQuery(toolQuery("get_treatment_plans", { patient_id: patientId }));
  return (
    <QueryView
      query={query}
      label="Loading the treatment plans"
      isEmpty={(answer) => answer.plans.length === 0}
      empty={<EmptyState title="No treatment plan written yet" />}
    >
      {({ plans }) => (
        <div className={styles.stack}>
          {plans.map((plan) => (
            <PlanView key={plan.id} plan={plan} isHighlighted={plan.id === itemId} />
          ))}
        </div>
      )}
    </QueryView>
  );
}

function PlanView({ plan, isHighlighted }: { readonly plan: Plan; readonly isHighlighted: boolean }) {
  const article = useHighlight<HTMLElement>(isHighlighted);
  return (
    <article
      ref={article}
      aria-label={plan.title}
      data-highlighted={isHighlighted || undefined}
      className={styles.note}
    >
      <header className={styles.head}>
        <h2 className={styles.title}>{plan.title}</h2>
        <span className={styles.by}>
          {capital(plan.status)}, {formatMoment(plan.written_at)}, {plan.author ?? "author not recorded"}
        </span>
      </header>
      <p className={styles.text}>
        <strong>Goal:</strong> {plan.goal}
      </p>
      {plan.steps.length > 0 ? (
        <ol className={styles.steps}>
          {plan.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      ) : null}
      <p className={styles.text}>
        <strong>Follow-up:</strong> {plan.follow_up_on ? formatDay(plan.follow_up_on) : "no day set"}
      </p>
    </article>
  );
}
