import type { Permission } from "../access/permissions";
import type { Scope } from "./declare";
import { type ToolName, toolNames, tools } from "./registry";

export interface Announcement {
  readonly name: string;
  readonly permission: Permission;
  readonly scope: Scope;
  readonly audit: "ACCESS" | "PHI_ACCESS" | "AUDIT_READ" | "CHAT_READ" | "WARD_SNAPSHOT";
  readonly discloses: readonly Permission[];
}

/** Opening the own chats is no tool, but it discloses, so it is announced like one. */
export const readChats = {
  name: "read_chats",
  permission: "assistant.use",
  scope: "own",
  audit: "CHAT_READ",
  discloses: ["assistant.use"],
} as const satisfies Announcement;

/** Taking the audit out of the app: its pages are read under an announcement that `api.begin_audit_export` writes. */
export const exportAudit = {
  name: "export_audit",
  permission: "audit.export",
  scope: "audit",
  audit: "AUDIT_READ",
  discloses: ["audit.read", "audit.export"],
} as const satisfies Announcement;

/** Acts of administration: nothing is read under them; a refused one is announced, so that it is in the audit. */
export const acts = {
  import_patients: {
    name: "import_patients",
    permission: "patients.import",
    scope: "hospital",
    audit: "ACCESS",
    discloses: [],
  },
  admit_patient: {
    name: "admit_patient",
    permission: "patients.admit",
    scope: "hospital",
    audit: "ACCESS",
    discloses: [],
  },
} as const satisfies Record<string, Announcement>;
export type Act = keyof typeof acts;

function announcementOf(name: ToolName): Announcement {
  const { permission, scope, audit, discloses } = tools[name];
  return { name, permission, scope, audit, discloses };
}

/** Everything that can be announced; PostgreSQL's table of tools is filled from here. */
export const announcements: readonly Announcement[] = [
  ...toolNames.map(announcementOf),
  readChats,
  exportAudit,
  ...Object.values(acts),
];
