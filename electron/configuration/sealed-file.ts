import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { SecretBox } from "./secret-box";

/** One secret of this installation in a file of its own. */
export interface SealedFile {
  /** Undefined: there is none, or none that can be believed or opened. */
  read(): string | undefined;
  write(secret: string): void;
  /** Where the secret lies and what that means, in words. */
  described(): string;
}

const contentSchema = z.union([z.strictObject({ sealed: z.base64() }), z.strictObject({ open: z.string() })]);

/** A file that others can read holds no secret any more; one that they can write holds their choice. */
function isOwn(file: string): boolean {
  const status = lstatSync(file);
  const account = process.getuid?.();
  return status.isFile() && (account === undefined || (status.uid === account && (status.mode & 0o077) === 0));
}

/** Sealed by the operating system's key store where there is a real one, else readable by this account alone. */
export function openSealedFile(file: string, what: string, box: () => SecretBox | undefined): SealedFile {
  function read(): string | undefined {
    try {
      if (!isOwn(file)) return undefined;
      const content = contentSchema.parse(JSON.parse(readFileSync(file, "utf8")));
      if ("sealed" in content) return box()?.open(Buffer.from(content.sealed, "base64"));
      // A key store that came later takes over what lay open.
      if (box()) write(content.open);
      return content.open;
    } catch {
      return undefined;
    }
  }

  function write(secret: string): void {
    const seal = box();
    const content = seal ? { sealed: seal.seal(secret).toString("base64") } : { open: secret };
    const temporary = `${file}.${process.pid}`;
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  }

  return {
    read,
    write,
    described: () => {
      const seal = box();
      return seal
        ? `${what}: sealed by ${seal.described}`
        : `${what}: readable by this account alone, because this machine has no key store that could seal them`;
    },
  };
}
