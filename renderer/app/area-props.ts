import type { Place, SessionView } from "../../shared/session/session-state";

/** What every area of the workspace is handed: who is signed in, where they are, and the way to somewhere else. */
export interface AreaProps {
  readonly session: SessionView;
  readonly place: Place;
  readonly go: (place: Place) => void;
}
