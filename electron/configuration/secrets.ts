import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { BadConfiguration } from "./bad-configuration";
import type { SecretBox } from "./secret-box";

/** Keeps one password for each destination it was typed for, and gives it out for no other. */
export interface Secrets {
  /** Undefined: none is kept, or it cannot be opened any more. Throws `BadConfiguration` where the file is open to others. */
  read(destination: string): string | undefined;
  keep(destination: string, secret: string): void;
  /** Forgets what is kept for every other destination; undefined: for all. */
  keepOnly(destination: string | undefined): void;
  /** Where secrets lie and what that means, in words; never throws. */
  described(destination: string | undefined): string;
}

const fileSchema = z.strictObject({
  passwords: z.record(
    z.string(),
    z.union([z.strictObject({ sealed: z.base64() }), z.strictObject({ open: z.string() })]),
  ),
});
type Content = z.infer<typeof fileSchema>;

/** `box` is asked at each use: the key store answers only after the app is ready. */
export function openSecrets(home: string, box: () => SecretBox | undefined): Secrets {
  const file = join(home, "secrets.json");

  function load(): Content {
    try {
      checkOwnership(file);
      return fileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    } catch (error) {
      if (error instanceof BadConfiguration) throw error;
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return { passwords: {} };
      throw new BadConfiguration(`${file} cannot be understood. Move it away and type the password again.`);
    }
  }

  function save(content: Content): void {
    if (Object.keys(content.passwords).length === 0) return rmSync(file, { force: true });
    const temporary = `${file}.${process.pid}`;
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  }

  function keep(destination: string, secret: string): void {
    const seal = box();
    const entry = seal ? { sealed: seal.seal(secret).toString("base64") } : { open: secret };
    save({ passwords: { ...load().passwords, [destination]: entry } });
  }

  function opened(destination: string): string | undefined {
    const entry = load().passwords[destination];
    if (entry === undefined) return undefined;
    const seal = box();
    if ("open" in entry) {
      // A key store that came later takes over what lay open.
      if (seal) keep(destination, entry.open);
      return entry.open;
    }
    try {
      return seal?.open(Buffer.from(entry.sealed, "base64"));
    } catch {
      return undefined;
    }
  }

  return {
    read: opened,
    keep,
    keepOnly(destination) {
      if (destination === undefined) return rmSync(file, { force: true });
      const kept = load().passwords[destination];
      save({ passwords: kept ? { [destination]: kept } : {} });
    },
    described(destination) {
      const seal = box();
      const where = seal
        ? `The password is sealed by ${seal.described} in ${file}; only this account can open it.`
        : `The password lies in ${file}, which this account alone may read: this machine has no key store that could seal it.`;
      try {
        const entry = destination === undefined ? undefined : load().passwords[destination];
        if (entry !== undefined && destination !== undefined && opened(destination) === undefined)
          return `The password that is kept in ${file} cannot be opened any more. Type it again.`;
      } catch (error) {
        if (error instanceof BadConfiguration) return error.message;
        throw error;
      }
      return where;
    },
  };
}

/** On every read: a file that others can read holds no secret any more, one that they can write holds their choice. */
function checkOwnership(file: string): void {
  const account = process.getuid?.();
  const status = lstatSync(file);
  if (account === undefined) return;
  if (!status.isFile()) throw new BadConfiguration(`${file} is not used: it is not a file.`);
  if (status.uid !== account) throw new BadConfiguration(`${file} is not used: it belongs to another account.`);
  if ((status.mode & 0o077) !== 0)
    throw new BadConfiguration(
      `${file} is not used: other accounts may read or change it (mode ${(status.mode & 0o777).toString(8)}). Make its mode 600, and change the password if somebody else could have read it.`,
    );
}
