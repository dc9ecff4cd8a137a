import { type Place, placeSchema, type SessionView } from "../../shared/session/session-state";
import type { DraftVault } from "./vault";

const PLACE = "~place";

/**
 * Where the person is goes with what they type: after a crash, and at another workstation, the same screen comes back with
 * the same text in it.
 */
export function createLastPlace(vault: DraftVault) {
  return {
    remember(place: Place): void {
      vault.keep(PLACE, { version: 1, fields: { place: JSON.stringify(place) }, caret: null });
    },
    forget(): void {
      vault.shred([PLACE]);
    },
    /** The view as it is, or with the place that was kept elsewhere. Never fails: a place is not worth a sign-in. */
    async restore(view: SessionView): Promise<SessionView> {
      if (view.place !== null) return view;
      try {
        const kept = (await vault.content(PLACE))?.fields["place"];
        return { ...view, place: kept === undefined ? null : placeSchema.parse(JSON.parse(kept)) };
      } catch {
        return view;
      }
    },
  };
}
