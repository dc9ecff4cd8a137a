import { useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { Place } from "../../shared/session/session-state";
import { Button } from "../design/Button";
import { Notice } from "../design/Notice";
import { attentionWords, awayWords, backWords } from "./offline-words";
import { useOffline } from "./use-offline";

export interface OfflineBannerProps {
  readonly role: Role;
  readonly go: (place: Place) => void;
}

/** While the network is away, and after it: what is known, what waits, and the ways on. */
export function OfflineBanner({ role, go }: OfflineBannerProps) {
  const state = useOffline();
  const [read, setRead] = useState<string | null>(null);
  if (state === undefined) return null;
  const away = awayWords(state);
  const attention = may(role, "vital-signs.read") ? attentionWords(state.attention) : null;
  const toList = attention ? <Button onPress={() => go({ area: "attention" })}>What needs attention</Button> : null;
  if (away !== null) {
    return (
      <Notice
        kind="info"
        live
        title="working without the network."
        actions={
          <>
            {!state.session && state.wardAsOf !== null ? (
              <Button onPress={() => go({ area: "ward" })}>To the ward's copy</Button>
            ) : null}
            {toList}
          </>
        }
      >
        {may(role, "ward.snapshot") ? away.join(" ") : away[0]} {attention}
      </Notice>
    );
  }
  const back = backWords(state);
  if (back === null || state.sent === null || read === state.sent.at) return null;
  const { at } = state.sent;
  return (
    <Notice
      kind={attention ? "warning" : "info"}
      live
      actions={
        <>
          {toList}
          <Button onPress={() => setRead(at)}>Close</Button>
        </>
      }
    >
      {back} {attention}
    </Notice>
  );
}
