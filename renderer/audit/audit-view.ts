import { z } from "zod";
import { roleSchema } from "../../shared/access/roles";
import { auditActionSchema } from "../../shared/audit/actions";
import { auditSortSchema } from "../../shared/audit/filter";
import type { Place } from "../../shared/session/session-state";
import { type AuditFilter, type AuditOrder, newestFirst, noFilter } from "./audit-filter";

const words = z.string().max(80);
const filterSchema = z.strictObject({
  action: auditActionSchema.or(z.literal("")),
  outcome: z.enum(["granted", "denied", ""]),
  staff: words,
  role: roleSchema.or(z.literal("")),
  patient: words,
  workstation: words,
  session: words,
  tool: words,
  detail: words,
  from: words,
  to: words,
});
const viewSchema = z.strictObject({
  whole: z.boolean(),
  filter: filterSchema,
  sort: auditSortSchema,
  direction: z.enum(["ascending", "descending"]),
  offset: z.int().min(0),
});
const sessionsSchema = z.strictObject({ staff: words, workstation: words, from: words, to: words, session: words });
const accessesSchema = z.strictObject({ patient: words, from: words, to: words });

/** What the entries' page shows: kept in the place, so that a lock or a way back returns to it. */
export interface AuditView extends AuditOrder {
  readonly whole: boolean;
  readonly filter: AuditFilter;
  readonly offset: number;
}
export type SessionsView = z.infer<typeof sessionsSchema>;
export type AccessesView = z.infer<typeof accessesSchema>;

export const auditTabs = ["entries", "sessions", "patient"] as const;
export type AuditTab = (typeof auditTabs)[number];

/** The tab of a place; an unknown one is the entries. */
export function auditTab(tab: string | undefined): AuditTab {
  return auditTabs.find((each) => each === tab) ?? "entries";
}

function parsed<T>(schema: z.ZodType<T>, view: string | undefined, otherwise: T): T {
  try {
    return schema.parse(JSON.parse(view ?? ""));
  } catch {
    return otherwise;
  }
}

export function auditView(place: Place, whole: boolean): AuditView {
  const found: AuditView = parsed(viewSchema, place.view, { whole, filter: noFilter, ...newestFirst, offset: 0 });
  // What a role may not read it is not shown by a place either.
  return { ...found, whole: found.whole && whole };
}
export const noSessions: SessionsView = { staff: "", workstation: "", from: "", to: "", session: "" };
export const sessionsView = (place: Place): SessionsView => parsed(sessionsSchema, place.view, noSessions);
export const noAccesses: AccessesView = { patient: "", from: "", to: "" };
export const accessesView = (place: Place): AccessesView => parsed(accessesSchema, place.view, noAccesses);

export const entriesPlace = (view: AuditView): Place => ({ area: "audit", tab: "entries", view: JSON.stringify(view) });
export const sessionsPlace = (view: SessionsView): Place => ({
  area: "audit",
  tab: "sessions",
  view: JSON.stringify(view),
});
/** Everything that one session saw. */
export const sessionPlace = (session: string): Place => sessionsPlace({ ...noSessions, session });
/** Who has looked at a patient. */
export const accessesPlace = (patient: string, from = "", to = ""): Place => ({
  area: "audit",
  tab: "patient",
  view: JSON.stringify({ patient, from, to } satisfies AccessesView),
});
