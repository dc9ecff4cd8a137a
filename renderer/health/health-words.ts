import type { HealthCheck, HealthReport } from "../../shared/workstation/health";

type CheckState = HealthCheck["state"];

export const checkStates: Readonly<Record<CheckState, string>> = {
  good: "Good",
  warning: "Look at this",
  bad: "Bad",
  "not-checked": "Not checked",
};

/** From what must be acted on to what is well. */
const worstFirst: readonly CheckState[] = ["bad", "warning", "not-checked", "good"];

/** The whole report in one line: `1 bad, 2 to look at, 6 good.` */
export function reportWords({ checks }: HealthReport): string {
  const counted: Readonly<Record<CheckState, string>> = {
    bad: "bad",
    warning: "to look at",
    "not-checked": "not checked",
    good: "good",
  };
  const parts = worstFirst.flatMap((state) => {
    const number = checks.filter((check) => check.state === state).length;
    return number === 0 ? [] : [`${number} ${counted[state]}`];
  });
  return parts.length === 0 ? "Nothing was looked at." : `${parts.join(", ")}.`;
}

const units: Readonly<Record<string, (value: number) => string>> = {
  bytes: sizeWords,
  milliseconds: (value) => (Math.abs(value) < 10_000 ? `${number(value)} ms` : `${number(value / 1000)} s`),
  seconds: (value) => `${number(value)} s`,
  minutes: (value) => `${number(value)} min`,
  hours: (value) => `${number(value)} h`,
  days: (value) => `${number(value)} ${value === 1 ? "day" : "days"}`,
  percent: (value) => `${number(value)} %`,
};

function number(value: number): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 1 });
}

/** `512 B`, `12.4 GB`; powers of ten, as disks are sold. */
export function sizeWords(bytes: number): string {
  const names = ["B", "kB", "MB", "GB", "TB", "PB"] as const;
  const step = Math.min(names.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${number(bytes / 1000 ** step)} ${names[step]}`;
}

/** One figure as a name and a value in words; its unit, which the name ends with, goes to the value. */
export function figureWords(name: string, value: HealthCheck["figures"][string]): { name: string; value: string } {
  const parts = name.split("_");
  const unit = parts.length > 1 ? units[parts.at(-1) ?? ""] : undefined;
  const words = (unit ? parts.slice(0, -1) : parts).join(" ");
  return { name: words.charAt(0).toUpperCase() + words.slice(1), value: valueWords(value, unit) };
}

function valueWords(value: HealthCheck["figures"][string], unit: ((value: number) => string) | undefined): string {
  if (value === null || value === "") return "not known";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  return unit ? unit(value) : number(value);
}
