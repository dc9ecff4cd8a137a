import type { SessionSummary, StaffAccount } from "../../shared/account/account";

/** What an administrator may do with an account. */
export type PersonAct =
  | { readonly kind: "end-sessions"; readonly session: SessionSummary | null }
  | { readonly kind: "disable" }
  | { readonly kind: "enable" }
  | { readonly kind: "reset-password" }
  | { readonly kind: "reset-second-factor" };

/** How an act is asked for: what it means for the person stands above the button. */
export interface ActWords {
  readonly title: string;
  readonly consequences: readonly string[];
  readonly act: string;
  readonly danger: boolean;
  readonly needsReason: boolean;
}

export function personActs(act: PersonAct, { name, hasPassword }: StaffAccount): ActWords {
  switch (act.kind) {
    case "end-sessions":
      return {
        title: act.session ? `End the session on ${act.session.workstation}?` : `End all sessions of ${name}?`,
        consequences: [
          `The screen locks within 5 seconds, whatever ${name} is doing there.`,
          "What was typed is kept as a draft and comes back at the next sign-in.",
          "It keeps nobody out: with the password they can sign in again. To keep somebody out, disable the account.",
        ],
        act: act.session ? "End session" : "End all sessions",
        danger: true,
        needsReason: true,
      };
    case "disable":
      return {
        title: `Disable the account of ${name}?`,
        consequences: [
          "Nobody can sign in with it any more, on any workstation.",
          "Every session ends, and open screens lock within 5 seconds.",
          "Nothing the person wrote is lost. You can enable the account again.",
        ],
        act: "Disable account",
        danger: true,
        needsReason: true,
      };
    case "enable":
      return {
        title: `Enable the account of ${name}?`,
        consequences: [`${name} can sign in again at once, with the password and the second factor of before.`],
        act: "Enable account",
        danger: false,
        needsReason: false,
      };
    case "reset-password":
      if (!hasPassword)
        return {
          title: `Give ${name} a first password?`,
          consequences: [
            "A temporary password is made and shown to you once. It must be replaced at the first sign-in.",
            `With it ${name} can sign in on every workstation, and sees what the role may see.`,
          ],
          act: "Give first password",
          danger: false,
          needsReason: true,
        };
      return {
        title: `Reset the password of ${name}?`,
        consequences: [
          "A temporary password is made and shown to you once. It must be replaced at the first sign-in.",
          "Every session ends, and open screens lock within 5 seconds.",
          "Lost for good: chats with the assistant and drafts, which were sealed under the old password.",
          "Kept: everything in the charts, and access to identity data where the role has it.",
        ],
        act: "Reset password",
        danger: true,
        needsReason: true,
      };
    case "reset-second-factor":
      return {
        title: `Reset the second factor of ${name}?`,
        consequences: [
          "The password alone opens the account until a new second factor is set up. Where the role requires one, that is the next sign-in.",
          "The old recovery codes stop working, and every session ends.",
          "Do this only for somebody whom you recognise, in person or by a call to a number you know.",
        ],
        act: "Reset second factor",
        danger: true,
        needsReason: true,
      };
  }
}

/** The shortest and longest reason that the database takes. */
export const REASON_LENGTH = { least: 3, most: 200 } as const;
