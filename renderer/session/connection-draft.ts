import type { ConnectionChoice, ConnectionView } from "../../shared/workstation/connection";

/** What a person has typed of a connection. Lives above the pages that come and go, so that no state of the app loses it. */
export interface ConnectionDraft {
  readonly url: string;
  readonly password: string;
  readonly certificateAuthority: string;
}

/** What the form starts with: the choice that holds now. The password never comes back to a page. */
export function draftOf(view: ConnectionView): ConnectionDraft {
  return { url: view.url ?? "", password: "", certificateAuthority: view.certificateAuthority ?? "" };
}

/** The draft as the main process takes it. */
export function choiceOf({ url, password, certificateAuthority }: ConnectionDraft): ConnectionChoice {
  const pem = certificateAuthority.trim();
  return { url: url.trim(), password, certificateAuthority: pem === "" ? null : `${pem}\n` };
}

/** What can be said of an address before anybody is asked; null when nothing is wrong. */
export function addressFault(url: string): string | null {
  const typed = url.trim();
  if (typed === "") return "Type the address first.";
  if (!/^postgres(?:ql)?:\/\//u.test(typed)) return "The address must begin with postgresql://.";
  // A password in the address would be shown, kept and logged with it.
  if (/^postgres(?:ql)?:\/\/[^@/]*:[^@/]*@/u.test(typed)) {
    return "Take the password out of the address and type it into its own field below.";
  }
  return null;
}

export function sameDraft(one: ConnectionDraft, other: ConnectionDraft): boolean {
  return (
    one.url === other.url && one.password === other.password && one.certificateAuthority === other.certificateAuthority
  );
}
