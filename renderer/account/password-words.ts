/** What is known of a password while it is typed. */
export type PasswordCheck =
  | { readonly state: "none" }
  | { readonly state: "checking" }
  | { readonly state: "acceptable" }
  | { readonly state: "refused"; readonly reason: string }
  /** Nobody could be asked: it is judged when it is sent. */
  | { readonly state: "not-checked" };

/** A check in a sentence; nothing while there is nothing to say. */
export function checkWords(check: PasswordCheck): string {
  switch (check.state) {
    case "none":
      return "";
    case "checking":
      return "Checking";
    case "acceptable":
      return "This password can be used.";
    case "refused":
      return check.reason;
    case "not-checked":
      return "Not checked yet. It is checked when you go on.";
  }
}

/** Why two fields do not agree; silent until the second holds as much as the first, so that nobody is told off while typing. */
export function repeatFault(next: string, repeat: string): string | null {
  if (repeat === "" || repeat === next) return null;
  return repeat.length >= next.length || !next.startsWith(repeat) ? "The two passwords are not the same." : null;
}

/** Whether what was typed may be sent. What nobody could check is sent: the answer then says what is wrong. */
export function maySend(check: PasswordCheck, next: string, repeat: string): boolean {
  return next !== "" && next === repeat && (check.state === "acceptable" || check.state === "not-checked");
}
