/** A backup or a restore that cannot go on, with one plain line for whoever runs it. */
export class BackupRefused extends Error {}

const full = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Whether writing failed because there is no room left on the disk. */
export function isDiskFull(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && full.has(String(error.code));
}
