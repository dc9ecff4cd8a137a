import { type ReactNode, useSyncExternalStore } from "react";
import type { SessionView } from "../../shared/session/session-state";
import { Notice } from "../design/Notice";
import type { DraftKeeping } from "./draft-store";
import { DraftsContext, draftsOf, useDrafts } from "./drafts-of";

/** Gives every form inside it the drafts of the person who is signed in. */
export function DraftsProvider({ session, children }: { readonly session: SessionView; readonly children: ReactNode }) {
  return <DraftsContext value={draftsOf(session)}>{children}</DraftsContext>;
}

const subscribeToNothing = () => () => undefined;
const allWell: DraftKeeping = { sealed: 0, kept: true, full: false };

/** Says what a person must know about their drafts before they rely on them. Nothing, almost always. */
export function DraftsNotice() {
  const store = useDrafts();
  const { sealed, kept, full } = useSyncExternalStore(store?.subscribe ?? subscribeToNothing, () =>
    store ? store.keeping() : allWell,
  );
  if (kept && full)
    return (
      <Notice kind="warning" live title="unsent text is not kept">
        What you write last is too long, or you have too many unsent texts. Send or discard some.
      </Notice>
    );
  if (!kept)
    return (
      <Notice kind="warning" live title="unsent text is not kept">
        A badge cannot open or keep unsent text. Lock, and unlock with your password, before you write more.
        {sealed === 0 ? "" : ` ${howMany(sealed)} sealed until then.`}
      </Notice>
    );
  if (sealed === 0) return null;
  return (
    <Notice kind="info" live title="unsent text">
      {`${howMany(sealed)} sealed: it was typed under a password that was reset, or its copy is damaged.`}
    </Notice>
  );
}

function howMany(sealed: number): string {
  return sealed === 1 ? "One unsent text of yours stays" : `${sealed} unsent texts of yours stay`;
}
