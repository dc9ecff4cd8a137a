import type { Role } from "../../shared/access/roles";

export interface Question {
  /** What is said, the last being the one that is looked at. */
  readonly said: string | readonly string[];
  readonly role: Role;
  readonly openChart?: string;
  /** The calls it must lead to, in order: name and arguments. */
  readonly calls: readonly string[];
  readonly has: readonly string[];
  readonly hasNot?: readonly string[];
}

/** One line of a table of questions; asked by a nurse unless it says otherwise. */
export type Row = [said: Question["said"], calls: readonly string[], has: readonly string[], more?: Partial<Question>];

export function toQuestions(rows: readonly Row[]): Question[] {
  return rows.map(([said, calls, has, more]) => ({ said, role: "Nurse", calls, has, ...more }));
}
