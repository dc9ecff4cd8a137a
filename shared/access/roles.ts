import { z } from "zod";

/** The six roles of a hospital's staff, in the order every table shows them. */
export const roles = ["Admin", "Doctor", "Nurse", "Billing", "Reception", "Auditor"] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;
