/** `ABCD EFGH IJ`: a long key in groups of four, so that who types it keeps the place. */
export function inGroups(key: string): string {
  return (
    key
      .replaceAll(/\s/gu, "")
      .match(/.{1,4}/gu)
      ?.join(" ") ?? ""
  );
}
