import type { Observation } from "../../shared/clinical/chart";

/** The newest measurement of each code, with how many there are of it. */
export function latestObservations(
  all: readonly Observation[],
): readonly { readonly latest: Observation; readonly count: number }[] {
  const byCode = new Map<string, { latest: Observation; count: number }>();
  for (const observation of all) {
    const key = `${observation.code_system} ${observation.code}`;
    const known = byCode.get(key);
    const isNewer = known === undefined || new Date(observation.measured_at) > new Date(known.latest.measured_at);
    byCode.set(key, { latest: isNewer ? observation : known.latest, count: (known?.count ?? 0) + 1 });
  }
  return [...byCode.values()];
}

/** The value with its unit, or in words that there is none. */
export function observationValue(observation: Observation): string {
  const value = observation.value === null ? observation.value_text : String(observation.value);
  if (value === null) return "No value recorded";
  return observation.unit ? `${value} ${observation.unit}` : value;
}
