import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import type { Place } from "../../shared/session/session-state";
import { failureOf } from "../bridge/call";
import { toolQuery } from "../bridge/ward-query";
import { classes } from "../design/classes";
import { Dialog } from "../design/Dialog";
import { KeyHint } from "../design/KeyHint";
import { useSettled } from "../design/use-settled";
import type { areas } from "./areas";
import styles from "./Palette.module.css";
import { matching, type PaletteActs, type PaletteEntry, patientEntries, standingEntries } from "./palette-entries";

export interface PaletteProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly areas: typeof areas;
  readonly place: Place;
  readonly go: (place: Place) => void;
  readonly acts: PaletteActs;
}

/** Ctrl+K: one line that finds patients, places and acts. */
export function Palette(props: PaletteProps) {
  return (
    <Dialog title="Go to" width="wide" isOpen={props.isOpen} onClose={props.onClose}>
      {props.isOpen ? <PaletteBody {...props} /> : null}
    </Dialog>
  );
}

function PaletteBody({ onClose, areas: shown, place, go, acts }: PaletteProps) {
  const list = useId();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const sought = useSettled(typed.trim());
  const found = useQuery({
    ...toolQuery("find_patients", { query: sought }),
    enabled: sought.length >= 2,
    retry: false,
  });
  const patients = sought.length >= 2 && typed.trim().length >= 2 ? (found.data?.patients ?? []) : [];
  const entries = [...patientEntries(patients, go), ...matching(standingEntries(shown, place, go, acts), typed)];
  const active = entries[Math.min(chosen, entries.length - 1)];

  const run = (entry: PaletteEntry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") {
      event.preventDefault();
      run(active);
    } else if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setChosen((at) => (Math.min(at, entries.length - 1) + step + entries.length) % entries.length);
    }
  };

  return (
    <>
      <input
        role="combobox"
        aria-label="Patient, place or act"
        aria-expanded="true"
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={active ? `${list}-${active.id}` : undefined}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        className={styles.input}
        placeholder="A name, a patient number, a place, an act"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label="Results" className={styles.list}>
        {entries.map((entry) => (
          // the keys are those of the combobox, which keeps the focus
          <div
            key={entry.id}
            id={`${list}-${entry.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={entry === active}
            ref={entry === active ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
            className={classes(styles.entry, entry === active && styles.active)}
            onClick={() => run(entry)}
          >
            <span className={styles.kind}>
              {entry.kind === "patient" ? "Patient" : entry.kind === "place" ? "Go to" : "Do"}
            </span>
            <span className={styles.words}>{entry.words}</span>
            {entry.keys ? <KeyHint keys={entry.keys} /> : null}
          </div>
        ))}
      </div>
      <p role="status" className={styles.status}>
        {found.isError && sought.length >= 2
          ? failureOf(found.error).message
          : found.isFetching
            ? "Looking for patients"
            : found.data?.truncated
              ? "More patients match; type more of the name."
              : entries.length === 0
                ? "Nothing found."
                : ""}
      </p>
    </>
  );
}
