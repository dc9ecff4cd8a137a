/** How the offline assistant writes figures, times and links. Chart text never becomes markup. */
export type ChartTab =
  | "overview"
  | "vitals"
  | "medications"
  | "records"
  | "diagnoses"
  | "treatment"
  | "appointments"
  | "admissions"
  | "identity";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const two = (value: number) => String(value).padStart(2, "0");

/** Text from the chart on one line, with everything that markdown would act on made inert. */
export function plain(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[\\`*_[\]<>|~#!]/gu, "\\$&")
    .replace(/(https?|ftp|mailto|chart):/giu, "$1\\:")
    .replace(/www\./giu, "www\\.");
}

/** Text from the chart as a quotation, cut at a word when it is long; `cut` tells that there is more. */
export function quotation(text: string, most = 360): { quoted: string; cut: boolean } {
  const cut = text.length > most;
  const shown = cut ? `${text.slice(0, most).replace(/\s+\S*$/u, "")} …` : text;
  const lines = shown.split(/\r?\n/u).filter((line) => line.trim() !== "");
  const inert = lines.map((line) => `> ${plain(line).replace(/^([-+=]|\d+[.)])/u, "\\$1")}`);
  return { quoted: inert.join("\n"), cut };
}

/** A link into the chart, as the contract of answers asks: `[label](chart:FCE57/records/ID)`. */
export function link(label: string, patientId: string, tab?: ChartTab, item?: string): string {
  return `[${label}](chart:${[patientId, tab, item].filter((part) => part !== undefined).join("/")})`;
}

/** `05-Apr-2026` of a calendar day `2026-04-05`, without any time zone in between. */
export function day(iso: string): string {
  const [year, month, date] = iso.split("-");
  return `${date}-${months[Number(month) - 1]}-${year}`;
}

/** `05-Apr-2026` of a moment, in the workstation's time zone. */
export function dayOf(moment: Date): string {
  return `${two(moment.getDate())}-${months[moment.getMonth()]}-${moment.getFullYear()}`;
}

/** `09:05` of a moment, in the workstation's time zone. */
export function timeOf(moment: Date): string {
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** `09:05` today, else `04-Apr-2026 21:00`. */
export function when(iso: string, now: Date): string {
  const moment = new Date(iso);
  return dayOf(moment) === dayOf(now) ? timeOf(moment) : `${dayOf(moment)} ${timeOf(moment)}`;
}

/** `2 h ago`, `in 3 d`, `just now`. */
export function age(iso: string, now: Date): string {
  const minutes = Math.round((now.getTime() - new Date(iso).getTime()) / 60_000);
  const size = Math.abs(minutes);
  if (size < 1) return "just now";
  const words =
    size < 60 ? `${size} min` : size < 48 * 60 ? `${Math.floor(size / 60)} h` : `${Math.floor(size / 1440)} d`;
  return minutes > 0 ? `${words} ago` : `in ${words}`;
}

/** `recorded 09:05, 2 h ago`. */
export function recorded(iso: string, now: Date): string {
  return `recorded ${when(iso, now)}, ${age(iso, now)}`;
}

/** `1 record`, `3 records`. */
export function count(many: number, one: string, more = `${one}s`): string {
  return `${many} ${many === 1 ? one : more}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function series(parts: readonly string[], joint = "and"): string {
  if (parts.length < 2) return parts[0] ?? "";
  return `${parts.slice(0, -1).join(", ")} ${joint} ${parts.at(-1)}`;
}
