import { type KeyboardEvent, useEffect, useRef } from "react";
import { figureNames } from "../../shared/clinical/observation-set";
import { failureOf } from "../bridge/call";
import { Button } from "../design/Button";
import { nowMilliseconds } from "../design/clock";
import { AlertDialog } from "../design/Dialog";
import { ErrorState } from "../design/ErrorState";
import { dayOf, formatDay, formatMoment } from "../design/format";
import { KeyHint } from "../design/KeyHint";
import { Notice } from "../design/Notice";
import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import { useKeys } from "../design/use-keys";
import { DraftLine } from "../drafts/DraftLine";
import { FigureField } from "./FigureField";
import styles from "./ObservationForm.module.css";
import { fieldLabels } from "./observation-draft";
import { ScorePreview } from "./ScorePreview";
import { type ObservationFormOptions, type Saved, useObservationForm } from "./use-observation-form";
import { consciousnessWords } from "./vital-words";

export interface ObservationFormProps extends Omit<ObservationFormOptions, "form"> {
  /** As the banner prints it, so that the words of a save name whom they are about. */
  readonly patientName: string;
  readonly autoFocus?: boolean;
}

const open = { value: "", label: "Not recorded" };
const oxygens = [open, { value: "air", label: "Air" }, { value: "oxygen", label: "On oxygen" }];
const levels = [open, ...Object.entries(consciousnessWords).map(([value, label]) => ({ value, label }))];
const scales = [
  { value: "1", label: "Scale 1" },
  { value: "2", label: "Scale 2 (target 88 to 92 %)" },
];
const days = (now: number) =>
  [
    { day: dayOf(now), word: "Today" },
    { day: dayOf(now - 86_400_000), word: "Yesterday" },
  ].map(({ day, word }) => ({ value: day, label: `${word}, ${formatDay(day)}` }));

/** One set of observations, by keyboard alone if one likes: Enter goes on, Ctrl+Enter saves. */
export function ObservationForm({ patientName, autoFocus = false, ...options }: ObservationFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const set = useObservationForm({ ...options, form });
  const { typed, faults } = set;
  const now = nowMilliseconds();
  const chosenDay = typed.day || dayOf(now);
  const offered = days(now);
  const dayOptions = offered.some(({ value }) => value === chosenDay)
    ? offered
    : [...offered, { value: chosenDay, label: formatDay(chosenDay) }];

  const begin = () => form.current?.querySelector<HTMLElement>("input")?.focus();
  useKeys({ R: begin });
  useEffect(() => {
    // A caret that came back with a draft stays where it is.
    if (autoFocus && !form.current?.contains(document.activeElement)) begin();
  }, [autoFocus]);
  const submit = () => {
    const fault = set.submit();
    if (fault === null) return;
    // One frame later: then the words are beside the field that gets the focus.
    requestAnimationFrame(() => {
      const name = fault === "set" ? "respiratory_rate" : fault;
      form.current?.querySelector<HTMLElement>(`[name="${name}"], [data-field="${name}"] select`)?.focus();
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      submit();
    } else if (event.target instanceof HTMLInputElement) {
      // Half a set saved by a key that meant "next" would look like a whole one.
      event.preventDefault();
      const fields = [...(form.current?.querySelectorAll<HTMLElement>("input, select, button[type=submit]") ?? [])];
      fields[fields.indexOf(event.target) + 1]?.focus();
    }
  };

  return (
    <form
      ref={form}
      aria-label="Record observations"
      noValidate
      className={styles.form}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <DraftLine draft={set.draft} />
      <div className={styles.fields}>
        {figureNames.slice(0, 2).map(figureField)}
        <div data-field="spo2_scale">
          <Select
            label={fieldLabels.spo2_scale}
            options={scales}
            value={set.scale === "" ? null : set.scale}
            onChange={(value) => set.change("spo2_scale", value)}
            error={faults.spo2_scale}
          />
        </div>
        <Select
          label={fieldLabels.oxygen}
          options={oxygens}
          value={typed.oxygen}
          onChange={(value) => set.change("oxygen", value)}
        />
        {figureNames.slice(2, 5).map(figureField)}
        <Select
          label={fieldLabels.consciousness}
          options={levels}
          value={typed.consciousness}
          onChange={(value) => set.change("consciousness", value)}
        />
        {figureNames.slice(5).map(figureField)}
        <TextField
          label={fieldLabels.time}
          name="time"
          value={typed.time}
          maxLength={5}
          placeholder="Now"
          onChange={(value) => set.change("time", value)}
          error={faults.time}
        />
        <Select
          label={fieldLabels.day}
          options={dayOptions}
          value={chosenDay}
          onChange={(value) => set.change("day", value)}
        />
      </div>
      <ScorePreview live={set.live} takenAt={set.moment} />
      {faults.set ? (
        <Notice kind="warning" live title="nothing to save yet">
          {faults.set}
        </Notice>
      ) : null}
      {set.error ? <ErrorState failure={failureOf(set.error)} title="not saved" /> : null}
      {set.saved ? <SavedNotice saved={set.saved} patientName={patientName} patientId={options.patientId} /> : null}
      <div className={styles.actions}>
        <Button variant="primary" type="submit" isDisabled={set.isSaving}>
          Save observations
        </Button>
        <span className={styles.hint}>
          <KeyHint keys="Enter" /> next field, <KeyHint keys="Ctrl+Enter" /> save
        </span>
      </div>
      <AlertDialog
        title="Check these figures"
        isOpen={set.doubts.length > 0}
        onClose={set.goBack}
        actions={
          <>
            <Button onPress={set.goBack}>Change them</Button>
            <Button variant="primary" onPress={set.confirm}>
              Save as measured
            </Button>
          </>
        }
      >
        <p>
          {patientName}, {options.patientId}
        </p>
        <ul>
          {set.doubts.map((doubt) => (
            <li key={doubt}>{doubt}</li>
          ))}
        </ul>
      </AlertDialog>
    </form>
  );

  function figureField(figure: (typeof figureNames)[number]) {
    return (
      <FigureField
        key={figure}
        figure={figure}
        value={typed[figure]}
        onChange={(value) => set.change(figure, value)}
        onLeave={() => set.leave(figure)}
        error={faults[figure] ?? null}
      />
    );
  }
}

function SavedNotice({
  saved,
  patientName,
  patientId,
}: {
  readonly saved: Saved;
  readonly patientName: string;
  readonly patientId: string;
}) {
  const whose = `${patientName}, ${patientId}, ${formatMoment(saved.recorded_at)}. Early warning score: ${saved.score}`;
  if (saved.state === "queued")
    return (
      <Notice kind="warning" live title="saved on this workstation, not yet sent.">
        {whose} It is sent by itself when the network is back.
      </Notice>
    );
  return (
    <Notice kind="info" live title={saved.state === "already" ? "this set was saved before." : "saved."}>
      {whose}
    </Notice>
  );
}
