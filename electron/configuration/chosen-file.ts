import { chmodSync, existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import Store from "electron-store";
import { z } from "zod";
import { BadConfiguration } from "./bad-configuration";

/** One small file of chosen values. */
export interface ChosenFile<T> {
  read(): Partial<T>;
  /** Replaces the whole content, atomically. */
  write(values: Partial<T>): void;
}

export interface ChosenFileOptions<S extends z.ZodObject> {
  readonly home: string;
  /** The file's name without `.json`. */
  readonly name: string;
  readonly schema: S;
  /** Hears in one sentence that a file was unusable, where it is kept now and what holds instead. */
  readonly onUnusable: (notice: string) => void;
}

/**
 * Opens a file of chosen values. One that holds something else than such values, because of a broken disk or a hand that
 * edited it, is kept under another name: it is nobody's to throw away.
 */
export function openChosenFile<S extends z.ZodObject>(options: ChosenFileOptions<S>): ChosenFile<z.infer<S>> {
  // Names that another version wrote are no reason to distrust the rest.
  const schema = z.object(options.schema.shape).partial();
  const file = join(options.home, `${options.name}.json`);
  const open = () => {
    // The store takes a list for an empty object.
    if (existsSync(file) && Array.isArray(JSON.parse(readFileSync(file, "utf8")))) throw new SyntaxError("A list.");
    const store = new Store<Record<string, unknown>>({
      cwd: options.home,
      name: options.name,
      configFileMode: 0o600,
      // Throws for what does not fit, and must not clear it: that is done below, and nothing is lost.
      clearInvalidConfig: false,
      schema: z.toJSONSchema(schema).properties as never,
    });
    return { store, values: schema.parse(store.store) };
  };
  const opened = (() => {
    try {
      return open();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EACCES" || code === "EPERM" || !existsSync(file))
        throw new BadConfiguration(`${file} cannot be read by the account that runs Lamplight.`);
      const kept = unusedName(options.home, options.name);
      renameSync(file, kept);
      options.onUnusable(
        `${file} could not be understood. It is kept as ${kept}; until something is chosen again, the defaults hold.`,
      );
      return open();
    }
  })();
  const { store } = opened;
  let current = opened.values as Partial<z.infer<S>>;
  if (process.platform !== "win32" && existsSync(file) && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  return {
    read: () => current,
    write: (values) => {
      const next = schema.parse(values);
      store.store = next;
      current = next as Partial<z.infer<S>>;
    },
  };
}

function unusedName(home: string, name: string): string {
  for (let number = 1; ; number += 1) {
    const kept = join(home, `${name}.unusable-${number}.json`);
    if (!existsSync(kept)) return kept;
  }
}
