import type uPlot from "uplot";
import type { Spo2Scale } from "../../shared/clinical/early-warning-score";
import { formatDay, formatTime } from "../design/format";
import type { PlotPalette } from "./plot-palette";
import type { PlotRow } from "./plot-rows";
import { bandsOf } from "./vital-bands";

export interface PlotRequest {
  readonly row: PlotRow;
  readonly axis: readonly [low: number, high: number];
  readonly span: readonly [from: number, to: number];
  readonly width: number;
  readonly height: number;
  /** null where NEWS2 scored none of these sets: then nothing is shaded, for the bands would not be this patient's. */
  readonly scale: Spo2Scale | null;
  readonly palette: PlotPalette;
  /** The lowest row carries the time axis of all. */
  readonly showsTime: boolean;
  readonly onPoint: (seconds: number) => void;
}

const face = '12px "Atkinson Hyperlegible", sans-serif';

/** How one row is drawn: bands behind, gaps left open, every measurement a dot. */
export function plotOptions(request: PlotRequest): uPlot.Options {
  const { row, axis, span, palette, showsTime } = request;
  const axisLook = {
    stroke: palette.soft,
    font: face,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: request.width,
    height: request.height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    padding: [7, 10, showsTime ? 0 : 7, 0],
    scales: { x: { time: true, range: [span[0], span[1]] }, y: { range: [axis[0], axis[1]] } },
    axes: [
      { ...axisLook, show: showsTime, size: 34, space: 90, values: (_plot, splits) => splits.map(timeLabel) },
      { ...axisLook, size: 44, space: 22 },
    ],
    series: [
      {},
      ...row.fields.map((field, at) => ({
        label: field,
        stroke: palette.ink,
        width: 1.6,
        // The lower of two lines is dashed: told apart without colour.
        ...(at > 0 ? { dash: [5, 3] } : {}),
        spanGaps: false,
        points: { show: true, size: 6, fill: at > 0 ? palette.paper : palette.ink, stroke: palette.ink },
      })),
    ],
    hooks: {
      drawClear: [(plot) => drawBands(plot, request)],
      setCursor: [
        (plot) => {
          const left = plot.cursor.left ?? -1;
          // Moves that the page makes itself carry no event and must not answer themselves.
          if (left >= 0 && plot.cursor.event) request.onPoint(plot.posToVal(left, "x"));
        },
      ],
    },
  };
}

/** Midnight shows the day, every other tick the time. */
function timeLabel(seconds: number): string {
  const moment = new Date(seconds * 1000).toISOString();
  const time = formatTime(moment);
  return time === "00:00" ? formatDay(moment).slice(0, 6) : time;
}

function drawBands(plot: uPlot, { row, axis, scale, palette }: PlotRequest): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = palette.paper;
  ctx.fillRect(bbox.left, bbox.top, bbox.width, bbox.height);
  const bands = scale === null ? [] : bandsOf(row.part, Math.floor(axis[0]), Math.ceil(axis[1]), scale);
  for (const band of bands) {
    if (band.points === 0) continue;
    const top = plot.valToPos(Math.min(band.to, axis[1]), "y", true);
    const bottom = plot.valToPos(Math.max(band.from, axis[0]), "y", true);
    if (bottom <= top) continue;
    ctx.fillStyle = palette.bands[band.points];
    ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    if (bottom - top < 14) continue;
    // The points stand in the band as a number: never colour alone.
    ctx.fillStyle = palette.soft;
    ctx.font = `${11 * devicePixelRatio}px "Atkinson Hyperlegible", sans-serif`;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText(String(band.points), bbox.left + bbox.width - 4 * devicePixelRatio, (top + bottom) / 2);
  }
  ctx.restore();
}
