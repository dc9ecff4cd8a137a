import { z } from "zod";

/** Everything the health page and `lamplight-admin health` look at. */
export const healthChecks = {
  database: "Database",
  schema: "Schema",
  keys: "Keys",
  clock: "Clock",
  disk: "Disk",
  outbox: "Outbox",
  anchors: "Audit anchors",
  model: "Language model",
  updates: "Updates",
} as const;
export type HealthCheckName = keyof typeof healthChecks;
export const healthCheckNames = Object.keys(healthChecks) as [HealthCheckName, ...HealthCheckName[]];

export const healthCheckSchema = z.strictObject({
  name: z.enum(healthCheckNames),
  /** `not-checked` is never good news: the message says why nobody looked. */
  state: z.enum(["good", "warning", "bad", "not-checked"]),
  /** One sentence; holds nothing of a patient, no secret and no person's name. */
  message: z.string(),
  /** Figures with their unit in the name, e.g. `offset_milliseconds`. */
  figures: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
});
export type HealthCheck = z.infer<typeof healthCheckSchema>;

export const healthReportSchema = z.strictObject({
  takenAt: z.iso.datetime(),
  version: z.string(),
  /** By `overallHealth`. */
  state: z.enum(["good", "warning", "bad"]),
  checks: z.array(healthCheckSchema),
});
export type HealthReport = z.infer<typeof healthReportSchema>;

/** What this version has nothing of: there is nothing that could have been looked at, so it says nothing about the workstation. */
export const withoutSubject: readonly HealthCheckName[] = ["outbox", "anchors"];

/** The worst of all checks. One that was not made counts as a warning, unless this version has nothing there to check. */
export function overallHealth(checks: readonly Pick<HealthCheck, "name" | "state">[]): HealthReport["state"] {
  const counted = checks.filter(({ name, state }) => state !== "not-checked" || !withoutSubject.includes(name));
  if (counted.some(({ state }) => state === "bad")) return "bad";
  return counted.every(({ state }) => state === "good") ? "good" : "warning";
}
