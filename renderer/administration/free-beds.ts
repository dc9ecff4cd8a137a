import type { CommandOutput } from "../../shared/ipc/contract";

export type FreeBed = CommandOutput<"beds.free">["beds"][number];

/** Every ward that has a free bed, once, by name. */
export function wardsWithBeds(
  beds: readonly FreeBed[],
): readonly { readonly ward: string; readonly wardName: string; readonly free: number }[] {
  const wards = new Map<string, { ward: string; wardName: string; free: number }>();
  for (const { ward, wardName } of beds) {
    const known = wards.get(ward) ?? { ward, wardName, free: 0 };
    known.free += 1;
    wards.set(ward, known);
  }
  return [...wards.values()].sort((one, other) => one.wardName.localeCompare(other.wardName, "en", { numeric: true }));
}

/** The free beds of one ward, in the order in which they stand. */
export function bedsOf(beds: readonly FreeBed[], ward: string): readonly string[] {
  return beds
    .filter((bed) => bed.ward === ward)
    .map((bed) => bed.bed)
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
}
