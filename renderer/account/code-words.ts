/** Which kind of code is asked for: that of the authenticator app, or one of those kept on paper. */
export type CodeKind = "one-time" | "recovery";

export const codeLabels: Readonly<Record<CodeKind, string>> = {
  "one-time": "One-time code",
  recovery: "Recovery code",
};

export const codeHints: Readonly<Record<CodeKind, string>> = {
  "one-time": "The six digits that your authenticator app shows now.",
  recovery: "One of the codes you kept when you set it up. It works one time.",
};

/** Whether enough was typed to be sent. Spaces and dashes are of no account. */
export function isComplete(kind: CodeKind, typed: string): boolean {
  const bare = typed.replaceAll(/[\s-]/gu, "");
  return kind === "one-time" ? /^\d{6}$/u.test(bare) : bare.length >= 8;
}
