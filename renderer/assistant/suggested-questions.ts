import type { Permission } from "../../shared/access/permissions";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";

interface Suggestion {
  readonly text: string;
  readonly needs: Permission;
}

const general: readonly Suggestion[] = [
  { text: "Who is on my ward, and how are they?", needs: "vital-signs.read" },
  { text: "Which medicines are due next?", needs: "medications.read" },
  { text: "Who is on ward 5A?", needs: "placement.read" },
  { text: "When is my next shift?", needs: "own-shifts.read" },
  { text: "What may I not see, and why?", needs: "assistant.use" },
];

const aboutOne = (patientId: string): readonly Suggestion[] => [
  { text: `How have the vital signs of ${patientId} changed?`, needs: "vital-signs.read" },
  { text: `Which medicines does ${patientId} take?`, needs: "medications.read" },
  { text: `Any allergies for ${patientId}?`, needs: "allergies.read" },
  { text: `Get medical records for ${patientId}`, needs: "records.read" },
  { text: `Which appointments does ${patientId} have?`, needs: "appointments.read" },
  { text: `How is ${patientId} insured?`, needs: "insurance.read" },
];

/** A few everyday questions that this role can get an answer to, about the open chart first. */
export function suggestedQuestions(role: Role, patientId: string | undefined): readonly string[] {
  const chart = patientId === undefined ? [] : aboutOne(patientId);
  const allowed = [...chart, ...general]
    .filter((suggestion) => may(role, suggestion.needs))
    .map((suggestion) => suggestion.text);
  // A ward list with scores says all that the plain one says.
  const distinct = allowed.filter((text) => !(text.startsWith("Who is on ward") && may(role, "vital-signs.read")));
  return distinct.slice(0, 5);
}
