import type { Role } from "../../../shared/access/roles";
import type { ToolName } from "../../../shared/tools/registry";
import type { Desk, Found } from "./desk";
import type { Patient } from "./find-people";
import { link, plain } from "./say";
import type { Ask } from "./understand";

/** What every answer may look at beside the results. */
export interface Scene {
  readonly now: Date;
  readonly role: Role;
  readonly desk: Desk;
}

/** Writes one section about one patient; undefined while something is still to be looked up. */
export type PatientAnswer = (patient: Patient, ask: Ask, scene: Scene) => string | undefined;

/** The patient as an answer's first word. */
export function called(patient: Patient): string {
  return patient.name === undefined
    ? `**${link(patient.id, patient.id)}**`
    : `**${link(plain(patient.name), patient.id)}** (${patient.id})`;
}

/** Why a section has no facts; the same words for the same patient and reason, so that it is said once. */
export function failed(patient: Patient, found: Found<ToolName> & { ok: false }): string {
  if (found.code === "PATIENT_NOT_FOUND")
    return found.message.includes(patient.id) ? found.message : `${patient.id}: ${found.message}`;
  if (found.code === "RBAC_DENIED") return `${found.message} Ask “What may I see?” for the whole list.`;
  return `${patient.id}: the look-up failed, so I do not know. ${found.message}`;
}
