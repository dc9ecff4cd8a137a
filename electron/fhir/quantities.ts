import type { Quantity } from "./elements";

/** Units as a ward may read them: `U` and `µg` have been misread as a zero and as milligrams. */
const unitWords: Readonly<Record<string, string>> = {
  "[iU]": "units",
  "[IU]": "units",
  IU: "units",
  U: "units",
  UNT: "units",
  ug: "micrograms",
  mcg: "micrograms",
  µg: "micrograms",
  μg: "micrograms",
};

/** `10,000`, `0.5`, `120`: no trailing zero, never a bare leading point, thousands set apart from 10,000 on. */
export function numberWords(value: number): string {
  const plain =
    Math.abs(value) >= 1e-6 && Math.abs(value) < 1e15 ? String(Number(value.toPrecision(12))) : String(value);
  if (Math.abs(value) < 10_000 || plain.includes("e")) return plain;
  const [whole = "", fraction] = plain.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/gu, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export function unitOf(quantity: Quantity): string | null {
  const unit = quantity.unit?.trim() || quantity.code;
  if (unit === undefined || unit === "" || unit === "1") return null;
  return unit
    .split("/")
    .map((part) => unitWords[part] ?? part)
    .join("/");
}

/** `< 5 mg/L`; null where no number is given. */
export function quantityWords(quantity: Quantity | undefined): string | null {
  if (quantity?.value === undefined) return null;
  const parts = [quantity.comparator, numberWords(quantity.value), unitOf(quantity)];
  return parts.filter((part) => part !== undefined && part !== null).join(" ");
}

/** `5 mg to 10 mg`, `at least 5 mg`, `at most 10 mg`. */
export function rangeWords(
  range: { low?: Quantity | undefined; high?: Quantity | undefined } | undefined,
): string | null {
  const low = quantityWords(range?.low);
  const high = quantityWords(range?.high);
  if (low !== null && high !== null) return `${low} to ${high}`;
  if (low !== null) return `at least ${low}`;
  return high === null ? null : `at most ${high}`;
}
