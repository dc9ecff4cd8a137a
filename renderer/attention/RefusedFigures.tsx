import type { AnyObservationSet } from "../../shared/clinical/observation-set";
import type { RefusedObservation } from "../../shared/clinical/refused-observation";
import styles from "./AttentionPage.module.css";
import { figureLines } from "./attention-words";

/** The figures as they were typed; nothing is left out, also where a figure cannot be. */
export function RefusedFigures({ entry }: { readonly entry: RefusedObservation }) {
  if (entry.observations === null) return <p>The figures cannot be read. The entry is kept as it arrived; ask IT.</p>;
  return <Figures set={entry.observations} />;
}

/** The figures of one set, each under its name. */
export function Figures({ set }: { readonly set: AnyObservationSet }) {
  return (
    <dl className={styles.figures}>
      {figureLines(set).map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
