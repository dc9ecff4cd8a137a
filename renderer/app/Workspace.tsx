import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useRef, useState } from "react";
import { may } from "../../shared/access/role-permissions";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { Place, SessionView } from "../../shared/session/session-state";
import { AssistantDock } from "../assistant/AssistantDock";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { applyAppearance } from "../design/appearance";
import { DemoPrintHead } from "../design/DemoMark";
import { useKeys } from "../design/use-keys";
import { DraftsNotice } from "../drafts/DraftsProvider";
import { askBreakGlass } from "../emergency/asking";
import { EmergencyAccess } from "../emergency/EmergencyAccess";
import { IdleWarning } from "../session/IdleWarning";
import { Area } from "./Area";
import { areasFor, restoredPlace } from "./areas";
import { Dock } from "./Dock";
import { KeysDialog } from "./KeysDialog";
import { Palette } from "./Palette";
import { navigate, startAt } from "./place";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";
import styles from "./Workspace.module.css";

export interface WorkspaceProps {
  readonly session: SessionView;
  readonly status: AppStatus;
}

/** The frame around everything a signed-in person does: rail, top bar, one area, and the assistant beside it. */
export function Workspace({ session, status }: WorkspaceProps) {
  const client = useQueryClient();
  const role = session.person.role;
  const [navigation, move] = useReducer(navigate, session.place, (place) => startAt(restoredPlace(role, place)));
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  const { place } = navigation;
  const go = (to: Place) => move({ type: "go", place: to });

  useRemembered(place);
  const middle = useFocusOnArrival(place);
  const settings = useQuery(commandQuery("settings.read", {})).data;
  useEffect(() => {
    if (settings) applyAppearance(settings);
  }, [settings]);

  const acts = {
    lock: () => void call("session.lock", {}),
    signOut: () => void call("session.signOut", {}),
    refresh: () => void client.refetchQueries({ queryKey: ["tool"], type: "active" }),
    toggleAssistant: () => move({ type: "toggle-assistant" }),
    back: () => move({ type: "back" }),
    print: () => window.print(),
    showKeys: () => setOpen("keys"),
    breakGlass: may(role, "break-glass.use") ? () => askBreakGlass() : undefined,
    recordObservations: may(role, "vital-signs.record")
      ? (patientId: string) => go({ area: "patient", patientId, tab: "vitals", form: "observations" })
      : undefined,
    showAttention: may(role, "vital-signs.read") ? () => go({ area: "attention" }) : undefined,
  };
  const allowed = areasFor(role);
  useKeys({
    "Ctrl+J": acts.toggleAssistant,
    "Ctrl+K": () => setOpen("palette"),
    "Ctrl+L": acts.lock,
    "Ctrl+Shift+L": () => void call("session.lockAndSwitch", {}),
    "Ctrl+P": acts.print,
    "Alt+ArrowLeft": acts.back,
    F5: acts.refresh,
    "?": acts.showKeys,
    ...Object.fromEntries(allowed.map(({ area }, at) => [`Alt+${at + 1}`, () => go({ area })])),
  });

  return (
    <div className={styles.frame}>
      {status.demo || session.demo ? <DemoPrintHead /> : null}
      <TopBar session={session} status={status} go={go} onLock={acts.lock} onRefresh={acts.refresh} />
      <EmergencyAccess role={role} place={place} go={go} />
      <Rail
        areas={allowed}
        current={place.area}
        go={go}
        onSignOut={acts.signOut}
        onKeys={acts.showKeys}
        onPrint={acts.print}
      />
      <main ref={middle} tabIndex={-1} className={styles.middle}>
        <DraftsNotice />
        <Area session={session} place={place} go={go} />
      </main>
      {place.dockOpen ? (
        <Dock width={settings?.dockWidth} onClose={acts.toggleAssistant}>
          <AssistantDock session={session} place={place} go={go} />
        </Dock>
      ) : null}
      <Palette
        isOpen={open === "palette"}
        onClose={() => setOpen(null)}
        areas={allowed}
        place={place}
        go={go}
        acts={acts}
      />
      <KeysDialog isOpen={open === "keys"} onClose={() => setOpen(null)} areas={allowed} />
      <IdleWarning />
    </div>
  );
}

/** Tells the main process at once where the person is: a lock, or the end of this process, may come at any moment. */
function useRemembered(place: Place): void {
  useEffect(() => {
    void call("session.remember", place).catch(() => undefined);
  }, [place]);
}

/**
 * A new area or patient takes the focus, so that the next key acts there and a screen reader starts there; so does a new
 * tab, or a closed dock, when what was pressed is gone with the old one. A focus in the dock stays: the answer is being read.
 */
function useFocusOnArrival(place: Place) {
  const middle = useRef<HTMLElement>(null);
  const here = `${place.area} ${place.patientId ?? ""}`;
  const last = useRef(here);
  useEffect(() => {
    const arrived = last.current !== here;
    last.current = here;
    // One frame later: only then is what the old page held really gone.
    const frame = requestAnimationFrame(() => {
      const focused = document.activeElement;
      const lost = focused === null || focused === document.body;
      const elsewhere = middle.current?.contains(focused) !== true && focused?.closest("[data-dock]") === null;
      if (lost || (arrived && elsewhere)) middle.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [here, place.tab, place.dockOpen]);
  return middle;
}
