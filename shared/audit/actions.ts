import { z } from "zod";

/** The closed list of audit actions. PostgreSQL holds the same list as a constraint, filled from here. */
export const auditActions = [
  "LOGIN_ATTEMPT",
  "LOGIN",
  "LOGIN_FAILED",
  "LOGOUT",
  "LOCK",
  "UNLOCK",
  "ACCESS_GRANTED",
  "ACCESS_DENIED",
  "TOOL_CALL",
  "LLM_TOOL_CALL",
  "LLM_CALL",
  "PHI_ACCESS",
  "AUDIT_READ",
  "CHAT_READ",
  "CHAT_CHANGED",
  "PATIENT_IMPORTED",
  "PATIENT_ADMITTED",
  "HOSPITAL_LOADED",
  "DEMO_REMOVED",
  "BACKUP",
  "RESTORE",
  "RETENTION",
  "KEYS_ROTATED",
  "STAFF_ADDED",
  "WARDS_CHANGED",
  "SCHEMA_MIGRATED",
] as const;
export const auditActionSchema = z.enum(auditActions);
export type AuditAction = z.infer<typeof auditActionSchema>;
