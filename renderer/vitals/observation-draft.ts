import type { ObservationSet } from "../../shared/clinical/observation-set";
import { type FigureName, figureNames, figures, LATEST_ENTRY_HOURS } from "../../shared/clinical/observation-set";
import { dayOf, formatTime } from "../design/format";

/** Everything in the form as text, exactly as it was typed or chosen; "" for what is open. */
export type ObservationDraft = Readonly<
  Record<FigureName | "oxygen" | "consciousness" | "spo2_scale" | "day" | "time" | "submission", string>
>;
export type DraftField = Exclude<keyof ObservationDraft, "submission">;

export const blankDraft: ObservationDraft = {
  respiratory_rate: "",
  oxygen_saturation: "",
  systolic: "",
  diastolic: "",
  pulse: "",
  temperature: "",
  oxygen: "",
  consciousness: "",
  spo2_scale: "",
  day: "",
  time: "",
  submission: "",
};

/** How the fields are called on the form. */
export const fieldLabels = {
  respiratory_rate: "Respiratory rate",
  oxygen_saturation: "Oxygen saturation",
  systolic: "Systolic blood pressure",
  diastolic: "Diastolic blood pressure",
  pulse: "Pulse",
  temperature: "Temperature",
  oxygen: "Oxygen",
  consciousness: "Consciousness",
  spo2_scale: "SpO2 scale",
  time: "Time taken",
  day: "Day taken",
} as const satisfies Record<DraftField, string>;

/** A figure as typed, comma or point; undefined where it is no number. */
function figureOf(typed: string): number | null | undefined {
  const text = typed.trim().replace(",", ".");
  if (text === "") return null;
  return /^\d+(\.\d+)?$/u.test(text) ? Number(text) : undefined;
}

/** What is wrong with one figure as it was typed, in words; null when nothing is. */
export function figureFault(name: FigureName, typed: string): string | null {
  const value = figureOf(typed);
  if (value === null) return null;
  const { limits, decimals, unit } = figures[name];
  const [least, most] = limits;
  const space = unit.startsWith("/") ? "" : " ";
  if (value === undefined) return `A number from ${least} to ${most}${space}${unit}.`;
  if (value < least || value > most) return `Only ${least} to ${most}${space}${unit} can be entered.`;
  if (Number(value.toFixed(decimals)) !== value) return decimals === 0 ? "A whole number." : "One decimal at most.";
  return null;
}

/** The set that was typed. What is no possible figure counts as open; `draftFaults` says so beside it. */
export function setOf(draft: ObservationDraft): ObservationSet {
  const figure = (name: FigureName) =>
    figureFault(name, draft[name]) === null ? (figureOf(draft[name]) ?? null) : null;
  const oxygen_saturation = figure("oxygen_saturation");
  return {
    respiratory_rate: figure("respiratory_rate"),
    oxygen_saturation,
    // Without a saturation the scale says nothing about this set.
    spo2_scale: oxygen_saturation === null ? null : draft.spo2_scale === "2" ? 2 : 1,
    on_oxygen: draft.oxygen === "" ? null : draft.oxygen === "oxygen",
    systolic: figure("systolic"),
    diastolic: figure("diastolic"),
    pulse: figure("pulse"),
    consciousness: draft.consciousness === "" ? null : (draft.consciousness as ObservationSet["consciousness"]),
    temperature: figure("temperature"),
  };
}

/** `0905`, `9:05` and `09.05` are five past nine. */
function clockOf(typed: string): { hours: number; minutes: number } | undefined {
  const found = /^(\d{1,2})[:.]?(\d\d)$/u.exec(typed.trim());
  const [hours, minutes] = [Number(found?.[1]), Number(found?.[2])];
  return found && hours < 24 && minutes < 60 ? { hours, minutes } : undefined;
}

/** The moment that was typed, in milliseconds; `now` where none was; undefined where it is no time of day. */
export function takenAt(draft: ObservationDraft, now: number): number | undefined {
  if (draft.time.trim() === "") return now;
  const clock = clockOf(draft.time);
  if (!clock) return undefined;
  const day = new Date(`${draft.day || dayOf(now)}T00:00:00`);
  day.setHours(clock.hours, clock.minutes);
  return day.getTime();
}

export function timeFault(draft: ObservationDraft, now: number): string | null {
  const moment = takenAt(draft, now);
  const another = draft.day !== "" && draft.day !== dayOf(now);
  if (moment === undefined || (another && draft.time.trim() === "")) return "A time of day such as 09:05.";
  if (moment > now + 60_000) return "This time is still ahead. Change it, or choose yesterday.";
  if (moment < now - LATEST_ENTRY_HOURS * 3_600_000)
    return `More than ${LATEST_ENTRY_HOURS} hours ago. Write a note in the records instead.`;
  return null;
}

export type Faults = Readonly<Partial<Record<DraftField | "set", string>>>;

/** What keeps the draft from being saved, by field. */
export function draftFaults(draft: ObservationDraft, now: number): Faults {
  const faults: Partial<Record<DraftField | "set", string>> = {};
  for (const name of figureNames) {
    const fault = figureFault(name, draft[name]);
    if (fault) faults[name] = fault;
  }
  const { systolic, diastolic, consciousness, ...set } = setOf(draft);
  if (systolic !== null && diastolic !== null && diastolic > systolic)
    faults.diastolic = "Above the systolic blood pressure. Are the two swapped?";
  const time = timeFault(draft, now);
  if (time) faults.time = time;
  const measured = [
    systolic,
    diastolic,
    consciousness,
    ...figureNames.map((name) => ({ ...set, systolic, diastolic })[name]),
  ];
  if (Object.keys(faults).length === 0 && measured.every((value) => value === null))
    faults.set = "Enter at least one measurement.";
  return faults;
}

/** Beyond these a figure is rare enough to be looked at twice; it can be true, and is saved when it is confirmed. */
const usual: Readonly<Record<FigureName, readonly [least: number, most: number]>> = {
  respiratory_rate: [6, 50],
  oxygen_saturation: [70, 100],
  systolic: [60, 240],
  diastolic: [30, 140],
  pulse: [35, 180],
  temperature: [33, 41.5],
};

/** Figures to be confirmed before the set is saved, in words. */
export function unlikely(set: ObservationSet): string[] {
  const words = figureNames.flatMap((name) => {
    const value = set[name];
    const [least, most] = usual[name];
    if (value === null || (value >= least && value <= most)) return [];
    const { unit } = figures[name];
    return [
      `${fieldLabels[name]} ${value}${unit.startsWith("/") ? "" : " "}${unit} is unusually ${value < least ? "low" : "high"}.`,
    ];
  });
  const { systolic, diastolic } = set;
  if (systolic !== null && diastolic !== null && diastolic <= systolic && systolic - diastolic < 10)
    words.push(`Systolic ${systolic} and diastolic ${diastolic} mmHg lie unusually close together.`);
  return words;
}

/** The draft after one field changed. The time stands still from the first figure on: a set is not younger for being saved late. */
export function changed(draft: ObservationDraft, field: DraftField, value: string, now: number): ObservationDraft {
  const next = { ...draft, [field]: value };
  // Emptied again: what is typed next is another set, of its own time.
  if (isUntouchedSet(next) && !isUntouchedSet(draft)) return { ...next, time: "", day: "", submission: "" };
  const first = isUntouchedSet(draft) && field !== "time" && field !== "day" && field !== "spo2_scale" && value !== "";
  if (!first || draft.time !== "") return next;
  return { ...next, time: formatTime(new Date(now).toISOString()), day: dayOf(now) };
}

/** Whether nothing was measured or chosen yet. */
export function isUntouchedSet(draft: ObservationDraft): boolean {
  return [...figureNames, "oxygen" as const, "consciousness" as const].every((name) => draft[name] === "");
}
