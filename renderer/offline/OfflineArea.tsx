import { useState } from "react";
import type { AreaProps } from "../app/area-props";
import { areas } from "../app/areas";
import { AttentionPage } from "../attention/AttentionPage";
import { Button } from "../design/Button";
import { Page } from "../design/Page";
import { SettingsPage } from "../settings/SettingsPage";
import { NeedsNetwork } from "./NeedsNetwork";
import { OfflineChart } from "./OfflineChart";
import { OfflineWard } from "./OfflineWard";
import { useOffline } from "./use-offline";

/**
 * Whether the area is shown from the ward's copy: always in a session without the database; in any other only where it was
 * opened while the network was away. What was open before stays as it was, so that nothing typed or read is taken away.
 */
export function useWithoutNetwork({ session, place }: Pick<AreaProps, "session" | "place">): boolean {
  const state = useOffline();
  const away = state !== undefined && state.awaySince !== null && state.wardAsOf !== null;
  const here = `${place.area} ${place.patientId ?? ""}`;
  const [opened, setOpened] = useState({ here, away: false });
  if (opened.here !== here) setOpened({ here, away });
  if (session.offline) return true;
  const copied = place.area === "ward" || place.area === "patient";
  return copied && away && opened.here === here && opened.away;
}

export function OfflineArea(props: AreaProps) {
  const { place, go } = props;
  switch (place.area) {
    case "ward":
      return <OfflineWard {...props} />;
    case "patient":
      return <OfflineChart key={place.patientId} {...props} />;
    case "attention":
      return <AttentionPage {...props} />;
    case "settings":
      return <SettingsPage {...props} />;
    default: {
      const word = areas.find(({ area }) => area === place.area)?.word ?? "This page";
      return (
        <Page title={word}>
          <NeedsNetwork
            title={word}
            action={<Button onPress={() => go({ area: "ward" })}>To the ward's copy</Button>}
          />
        </Page>
      );
    }
  }
}
