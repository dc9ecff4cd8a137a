import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useId } from "react";
import type { Settings } from "../../shared/ipc/app-commands";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { ErrorState } from "../design/ErrorState";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import styles from "./AppearanceSettings.module.css";
import { isLocked } from "./configuration-words";

const schemes: readonly (readonly [Settings["appearance"], string])[] = [
  ["system", "As the machine"],
  ["light", "Light"],
  ["dark", "Dark, for the night"],
];
const sizes: readonly (readonly [Settings["textSize"], string])[] = [
  ["normal", "Normal"],
  ["large", "Large, with larger buttons"],
];

/** How the app looks on this workstation; a choice takes effect at once. */
export function AppearanceSettings() {
  const client = useQueryClient();
  const shown = commandQuery("settings.read", {});
  const settings = useQuery(shown);
  const items = useQuery(commandQuery("configuration.view", {})).data?.items;
  const change = useMutation({
    mutationFn: (wanted: Partial<Settings>) => call("settings.change", wanted),
    onSuccess: (saved) => client.setQueryData(shown.queryKey, saved),
  });
  return (
    <Panel title="Appearance">
      <QueryView query={settings} label="Loading the settings" rows={3}>
        {(data) => (
          <div className={styles.choices}>
            <Choice
              name="appearance"
              legend="Colours"
              options={schemes}
              value={data.appearance}
              locked={isLocked(items, "look.appearance")}
              onChange={(appearance) => change.mutate({ appearance })}
            />
            <Choice
              name="text-size"
              legend="Text size"
              options={sizes}
              value={data.textSize}
              locked={isLocked(items, "look.textSize")}
              onChange={(textSize) => change.mutate({ textSize })}
            />
          </div>
        )}
      </QueryView>
      {change.error ? <ErrorState failure={failureOf(change.error)} title="not changed" /> : null}
    </Panel>
  );
}

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly legend: string;
  readonly options: readonly (readonly [Value, string])[];
  readonly value: Value;
  /** IT decided it: shown, and not to be changed. */
  readonly locked: boolean;
  readonly onChange: (value: Value) => void;
}

function Choice<Value extends string>({ name, legend, options, value, locked, onChange }: ChoiceProps<Value>) {
  const why = useId();
  return (
    <fieldset className={styles.choice} disabled={locked} aria-describedby={locked ? why : undefined}>
      <legend>{legend}</legend>
      {options.map(([option, label]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          {label}
        </label>
      ))}
      {locked ? (
        <p id={why} className={styles.locked}>
          <Lock aria-hidden size={16} /> Set by your IT department
        </p>
      ) : null}
    </fieldset>
  );
}
