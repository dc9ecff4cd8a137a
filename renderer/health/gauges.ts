import type { HealthCheck } from "../../shared/workstation/health";
import { sizeWords } from "./health-words";

type Figures = HealthCheck["figures"];

/** How much of something is taken. */
export interface ShareGauge {
  readonly kind: "share";
  readonly words: string;
  /** 0 to 1. */
  readonly taken: number;
}

/** How far something is from zero, to either side. */
export interface OffsetGauge {
  readonly kind: "offset";
  readonly words: string;
  /** -1 to 1: the ends are where it is bad. */
  readonly at: number;
  /** 0 to 1: from there on it is worth a look. */
  readonly warning: number;
}

export type Gauge = ShareGauge | OffsetGauge;

function figure(figures: Figures, name: string): number | null {
  const value = figures[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

const clamped = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** The figures of a check that a person reads faster as a bar. The words beside a bar say the same. */
export function gaugesOf(figures: Figures): Gauge[] {
  return [...spaces(figures), ...connections(figures), ...offset(figures)];
}

/** Every pair `…free_bytes` and `…total_bytes`. */
function spaces(figures: Figures): Gauge[] {
  return Object.keys(figures).flatMap((name) => {
    const place = /^(?:(?<place>\w+)_)?free_bytes$/u.exec(name);
    if (place === null) return [];
    const free = figure(figures, name);
    const total = figure(figures, name.replace(/free_bytes$/u, "total_bytes"));
    if (free === null || total === null || total <= 0) return [];
    const where = place.groups?.["place"]?.replaceAll("_", " ");
    const words = `${sizeWords(free)} of ${sizeWords(total)} free`;
    return [
      {
        kind: "share" as const,
        words: where === undefined ? words : `${where.charAt(0).toUpperCase()}${where.slice(1)}: ${words}`,
        taken: clamped(1 - free / total, 0, 1),
      },
    ];
  });
}

function connections(figures: Figures): Gauge[] {
  const used = figure(figures, "connections");
  const allowed = figure(figures, "connections_allowed");
  if (used === null || allowed === null || allowed <= 0) return [];
  return [{ kind: "share", words: `${used} of ${allowed} connections`, taken: clamped(used / allowed, 0, 1) }];
}

function offset(figures: Figures): Gauge[] {
  const measured = figure(figures, "offset_milliseconds");
  const bad = figure(figures, "bad_above_milliseconds");
  const warning = figure(figures, "warning_above_milliseconds");
  if (measured === null || bad === null || warning === null || bad <= 0) return [];
  const seconds = (Math.abs(measured) / 1000).toFixed(1);
  const words = seconds === "0.0" ? "No difference" : `${seconds} s ${measured > 0 ? "behind" : "ahead"}`;
  return [{ kind: "offset", words, at: scaled(measured, bad), warning: scaled(warning, bad) }];
}

/** Square roots: a second is to be seen on a scale that ends at half a minute. */
function scaled(value: number, end: number): number {
  return Math.sign(value) * Math.sqrt(clamped(Math.abs(value) / end, 0, 1));
}
