import type { z } from "zod";
import { newStaffSchema } from "../../shared/account/account";

/** What was typed of a new person; the role is null while none is chosen. */
export interface PersonDraft {
  readonly name: string;
  readonly staffId: string;
  readonly username: string;
  readonly role: z.infer<typeof newStaffSchema>["role"] | null;
  readonly department: string;
}

export type PersonField = keyof PersonDraft;
export type NewPerson = z.infer<typeof newStaffSchema>;

export const emptyDraft: PersonDraft = { name: "", staffId: "", username: "", role: null, department: "" };

const missing: Readonly<Record<PersonField, string>> = {
  name: "Type the name as colleagues know it.",
  staffId: "Type the staff id.",
  username: "Type a username.",
  role: "Choose a role.",
  department: "Type the department.",
};

/** What is wrong with what was typed, by field; a field that is right is absent. */
export type PersonFaults = Readonly<Partial<Record<PersonField, string>>>;

export function judge(draft: PersonDraft): { readonly person: NewPerson | null; readonly faults: PersonFaults } {
  const parsed = newStaffSchema.safeParse(draft);
  if (parsed.success) return { person: parsed.data, faults: {} };
  const faults: Partial<Record<PersonField, string>> = {};
  for (const issue of parsed.error.issues) {
    const field = issue.path[0] as PersonField;
    const empty = (draft[field] ?? "").trim() === "";
    faults[field] ??= empty ? missing[field] : `Not taken: ${issue.message}.`;
  }
  return { person: null, faults };
}
