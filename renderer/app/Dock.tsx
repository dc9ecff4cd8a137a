import { useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { IconButton } from "../design/IconButton";
import { KeyHint } from "../design/KeyHint";
import styles from "./Dock.module.css";

const narrowest = 320;
const widest = 900;
/** What the rail and the chart keep for themselves, however wide the dock is asked to be. */
const leftForTheChart = 700;

export interface DockProps {
  readonly width: number | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The width that a dock may have in a window. */
export function fitWidth(wanted: number, windowWidth: number): number {
  return Math.round(Math.max(narrowest, Math.min(widest, wanted, windowWidth - leftForTheChart)));
}

/** The right side, where the assistant stands beside the chart; its edge is dragged or moved by arrow keys. */
export function Dock({ width: remembered = 420, onClose, children }: DockProps) {
  const client = useQueryClient();
  const [dragged, setDragged] = useState<number | null>(null);
  const width = fitWidth(dragged ?? remembered, window.innerWidth);
  const content = useRef<HTMLDivElement>(null);
  // Whoever opens the assistant wants to write to it.
  useEffect(() => content.current?.querySelector("textarea")?.focus(), []);

  const keep = (next: number) => {
    const dockWidth = fitWidth(next, window.innerWidth);
    setDragged(dockWidth);
    void call("settings.change", { dockWidth }).then(
      (settings) => client.setQueryData(commandQuery("settings.read", {}).queryKey, settings),
      () => undefined,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: width + 20, ArrowRight: width - 20, Home: widest, End: narrowest }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    keep(next);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => event.currentTarget.setPointerCapture(event.pointerId);
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setDragged(window.innerWidth - event.clientX);
  };

  return (
    <aside className={styles.dock} aria-label="Assistant" data-dock data-print="no" style={{ width }}>
      {/* a rule cannot be moved; this separator can */}
      <div
        role="separator"
        aria-label="Width of the assistant"
        aria-orientation="vertical"
        aria-valuemin={narrowest}
        aria-valuemax={widest}
        aria-valuenow={width}
        tabIndex={0}
        className={styles.edge}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => keep(width)}
      />
      <div ref={content} className={styles.content}>
        <div className={styles.head}>
          <span>Assistant</span>
          <KeyHint keys="Ctrl+J" />
          <IconButton icon={X} label="Close the assistant (Ctrl+J)" onPress={onClose} />
        </div>
        {children}
      </div>
    </aside>
  );
}
