import { type KeyboardEvent, useMemo, useState } from "react";
import "uplot/dist/uPlot.min.css";
import type { VitalSigns } from "../../shared/clinical/chart";
import { PlotCanvas } from "./PlotCanvas";
import { axisOf, plotRows } from "./plot-rows";
import { usePalette } from "./use-palette";
import { useWidth } from "./use-width";
import styles from "./VitalsTrend.module.css";
import { nearestSet, stepToSet, vitalSeries } from "./vital-series";
import { setWords } from "./vital-words";

const rowHeight = 90;
const timeAxis = 34;
const titleWidth = 118;
/** On scale 2 the points depend on oxygen; the shading can show only one of the two. */
const saturationShading = { 1: "SpO2 scale 1", 2: "SpO2 scale 2, shaded for air" } as const;

/** Five rows over one time axis. The arrow keys walk from set to set; the words above are those of the set that is marked. */
export function VitalsTrend({ sets }: { readonly sets: readonly VitalSigns[] }) {
  const series = useMemo(() => vitalSeries(sets), [sets]);
  const palette = usePalette();
  const [box, width] = useWidth<HTMLDivElement>();
  const last = series.sets.length - 1;
  // By its id, because the sets move when one is added; null: the newest, also when there is a newer one.
  const [chosen, choose] = useState<string | null>(null);
  // The pointer takes the line with it when it leaves; drawing once more puts the line back on the marked set.
  const [, setLeft] = useState(0);
  const kept = chosen === null ? -1 : series.sets.findIndex((each) => each?.id === chosen);
  const at = kept === -1 ? last : kept;
  const set = series.sets[at];
  const scored = sets.some((each) => each.score.total !== null);
  const scale = scored ? (sets.find((each) => each.spo2_scale !== null)?.spo2_scale ?? 1) : null;

  const first = series.times[0] ?? 0;
  const end = series.times[last] ?? first;
  const margin = Math.max(1800, (end - first) * 0.02);
  const order = series.sets.flatMap((each, index) => (each ? [index] : []));

  const mark = (index: number) => choose(index === last ? null : (series.sets[index]?.id ?? null));

  const onKeyDown = (event: KeyboardEvent) => {
    const next = {
      ArrowLeft: stepToSet(series.sets, at, -1),
      ArrowRight: stepToSet(series.sets, at, 1),
      Home: order[0],
      End: order.at(-1),
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    mark(next);
  };
  const onPoint = (seconds: number) => {
    const nearest = nearestSet(series, seconds);
    if (nearest !== null) mark(nearest);
  };

  if (!set) return null;
  return (
    <div>
      <p className={styles.readout}>{setWords(set)}</p>
      <div
        ref={box}
        role="slider"
        tabIndex={0}
        aria-label="Vital signs over time"
        aria-valuemin={1}
        aria-valuemax={order.length}
        aria-valuenow={order.indexOf(at) + 1}
        aria-valuetext={`Set ${order.indexOf(at) + 1} of ${order.length}: ${setWords(set)}`}
        className={styles.trend}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setLeft((times) => times + 1)}
      >
        {plotRows.map((row, index) => {
          const showsTime = index === plotRows.length - 1;
          const values = row.fields.flatMap((field) => series.values[field]);
          return (
            <div key={row.title} className={styles.row}>
              <div className={styles.title} aria-hidden="true">
                <b>{row.title}</b>
                <span>{row.unit}</span>
                {row.part === "oxygenSaturation" && scale ? <span>{saturationShading[scale]}</span> : null}
                {row.fields.length > 1 ? <span>solid systolic{scale ? " (shaded)" : ""}, dashed diastolic</span> : null}
              </div>
              <PlotCanvas
                series={series}
                row={row}
                axis={axisOf(row, values)}
                span={[first - margin, end + margin]}
                width={width - titleWidth}
                height={rowHeight + (showsTime ? timeAxis : 0)}
                scale={scale}
                palette={palette}
                showsTime={showsTime}
                marked={series.times[at] ?? null}
                onPoint={onPoint}
              />
            </div>
          );
        })}
      </div>
      <p className={styles.legend}>
        {scored
          ? "Shaded: values that score, with their points (NEWS2). "
          : "Nothing is shaded: NEWS2 gave no score for any of these sets. "}
        A broken line: nothing measured for more than 12 hours.
      </p>
    </div>
  );
}
