import { useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import { type PlotRequest, plotOptions } from "./plot-options";
import type { VitalSeries } from "./vital-series";

export interface PlotCanvasProps extends Omit<PlotRequest, "onPoint"> {
  readonly series: VitalSeries;
  /** The moment to mark, in seconds; null for none. */
  readonly marked: number | null;
  readonly onPoint: (seconds: number) => void;
}

/** One row as a canvas. It says nothing by itself: the trend around it speaks for all rows. */
export function PlotCanvas({ series, marked, onPoint, ...request }: PlotCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const pointed = useEffectEvent(onPoint);
  const { row, axis, span, width, height, scale, palette, showsTime } = request;
  const [low, high] = axis;
  const [from, to] = span;

  // A layout effect, so that the black-and-white drawing is on the paper before the print is taken.
  useLayoutEffect(() => {
    if (!box.current || width <= 0) return;
    const data: uPlot.AlignedData = [[...series.times], ...row.fields.map((field) => [...series.values[field]])];
    const options = plotOptions({
      row,
      axis: [low, high],
      span: [from, to],
      width,
      height,
      scale,
      palette,
      showsTime,
      onPoint: (seconds) => pointed(seconds),
    });
    const made = new uPlot(options, data, box.current);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [series, row, low, high, from, to, width, height, scale, palette, showsTime]);

  useEffect(() => {
    const made = plot.current;
    if (!made || marked === null) return;
    // uPlot sets its scales in a microtask of its own; before that a value has no place.
    queueMicrotask(() => {
      if (plot.current === made) made.setCursor({ left: made.valToPos(marked, "x"), top: 10 }, false);
    });
  });

  return <div ref={box} aria-hidden="true" />;
}
