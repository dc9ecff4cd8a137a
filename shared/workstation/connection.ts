import { z } from "zod";

/** Where the app looks for its database, as a person types it; the password never comes back to a page. */
export const connectionChoiceSchema = z.strictObject({
  /** `postgresql://login@host:5432/database`; several hosts, separated by commas, are tried in turn. No password in it. */
  url: z.string().trim().min(1).max(400),
  /** Empty: the password that is already kept for this address. */
  password: z.string().max(256),
  /** The hospital's certificate authority as PEM; null: the authorities that come with the app. */
  certificateAuthority: z.string().max(64_000).nullable(),
});
export type ConnectionChoice = z.infer<typeof connectionChoiceSchema>;

/** What a test of a connection looks at, in this order; after a failure the rest is "not checked". */
export const connectionSteps = ["address", "reach", "certificate", "login", "schema"] as const;
export type ConnectionStepName = (typeof connectionSteps)[number];

export const connectionTestSchema = z.strictObject({
  steps: z.array(
    z.strictObject({
      step: z.enum(connectionSteps),
      state: z.enum(["passed", "failed", "not-checked"]),
      /** What was found and, after a failure, what IT can do about it. */
      message: z.string(),
    }),
  ),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

export const connectionViewSchema = z.strictObject({
  kind: z.enum(["embedded", "central"]),
  /** Who decided: the managed file, the environment, a person on this workstation, or nobody yet. */
  source: z.enum(["managed", "environment", "chosen", "default"]),
  /** Whether the managed file or the environment forbids another choice here. */
  locked: z.boolean(),
  /** Whether the demo hospital may be loaded here. */
  demoAllowed: z.boolean(),
  url: z.string().nullable(),
  certificateAuthority: z.string().nullable(),
  /** Where a password would be kept, in words. */
  secretsKept: z.string(),
});
export type ConnectionView = z.infer<typeof connectionViewSchema>;
