import Store from "electron-store";
import { type Settings, settingsSchema } from "../../shared/ipc/app-commands";

const defaults: Settings = { appearance: "system", textSize: "normal", dockWidth: 420 };

/** The workstation's look, in a small file of the home folder. No person, no patient, no secret. */
export function openSettings(home: string) {
  const store = new Store<Settings>({ cwd: home, name: "settings", defaults, clearInvalidConfig: true });
  // Edited by hand or written by another version: what does not parse falls back, it does not stop the start.
  const read = (): Settings => settingsSchema.catch(defaults).parse({ ...defaults, ...store.store });
  return {
    read,
    change: (change: Partial<Settings>): Settings => {
      const next = settingsSchema.parse({ ...read(), ...change });
      store.store = next;
      return next;
    },
  };
}
