import { Refusal } from "../../shared/failure";
import { type Settings, settingsSchema } from "../../shared/ipc/app-commands";
import { openChosenFile } from "./chosen-file";
import { defaultLook, type Values } from "./items";

/** The workstation's look, in a small file of the home folder. No person, no patient, no secret. */
export function openLook(home: string, managed: Values, onUnusable: (notice: string) => void) {
  const file = openChosenFile({ home, name: "settings", schema: settingsSchema, onUnusable });
  const decided: Partial<Settings> = {
    ...(managed["look.appearance"] === undefined ? {} : { appearance: managed["look.appearance"] }),
    ...(managed["look.textSize"] === undefined ? {} : { textSize: managed["look.textSize"] }),
  };
  const read = (): Settings => settingsSchema.parse({ ...defaultLook, ...file.read(), ...decided });
  return {
    chosen: () => file.read(),
    read,
    change(change: Partial<Settings>): Settings {
      for (const [name, value] of Object.entries(decided)) {
        const wanted = change[name as keyof Settings];
        if (wanted !== undefined && wanted !== value) throw new Refusal("CONFIGURATION_LOCKED");
      }
      // Of what is decided elsewhere nothing is kept as if it had been chosen.
      const own = Object.fromEntries(Object.entries(change).filter(([name]) => !(name in decided)));
      file.write({ ...file.read(), ...(own as Partial<Settings>) });
      return read();
    },
  };
}
