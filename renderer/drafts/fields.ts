import type { DraftCaret } from "../../shared/drafts/draft";

/** Everything in a form as text, by name. */
export type Fields = Readonly<Record<string, string>>;

export function sameFields(one: Fields, other: Fields): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

export function emptied(fields: Fields): Fields {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, ""]));
}

/** A field that the blank form does not have is untouched while it is empty. */
export function isUntouched(fields: Fields, blank: Fields): boolean {
  return Object.entries(fields).every(([name, text]) => text === (blank[name] ?? ""));
}

export function sameCaret(one: DraftCaret | null, other: DraftCaret | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.field === other.field &&
    one.start === other.start &&
    one.end === other.end &&
    one.direction === other.direction &&
    one.scroll === other.scroll &&
    one.focused === other.focused
  );
}
