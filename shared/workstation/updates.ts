import { z } from "zod";

/** How far an update is. `off` means that nobody turned updates on, and that no connection is ever opened for them. */
export const updateViewSchema = z.strictObject({
  state: z.enum(["off", "idle", "checking", "current", "downloading", "ready", "refused", "failed", "installed"]),
  version: z.string(),
  /** The version that the feed offers or that lies ready. */
  offered: z.string().nullable(),
  /** What that means for the person, in words. */
  message: z.string(),
  /** Host and path of the hospital's feed, without anything secret. */
  feed: z.string().nullable(),
  checkedAt: z.iso.datetime().nullable(),
});
export type UpdateView = z.infer<typeof updateViewSchema>;
