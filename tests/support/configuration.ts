import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BadEnvironment } from "../../electron/config";
import { type ConfigurationOptions, createConfiguration } from "../../electron/configuration/configuration";

/** A machine of its own: a home, and a managed file in a folder that others cannot write. */
export function makeMachine() {
  const root = mkdtempSync(join(tmpdir(), "lamplight-configuration-"));
  const home = join(root, "home");
  mkdirSync(home, { mode: 0o700 });
  const managedFile = join(root, "etc", "managed.json");
  mkdirSync(dirname(managedFile), { mode: 0o755 });
  const put = (path: string, text: string | Buffer, mode = 0o644): string => {
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const open = (more: Partial<ConfigurationOptions> = {}) =>
    createConfiguration({
      environment: {},
      packaged: false,
      home,
      platform: "linux",
      secretBox: () => undefined,
      managedFile,
      ...more,
    });
  return {
    root,
    home,
    managedFile,
    put,
    /** Writes the managed file: a value as JSON, or a text as it is. */
    manage: (content: unknown, mode?: number) =>
      put(managedFile, typeof content === "string" ? content : JSON.stringify(content), mode),
    open,
    /** Why it cannot be opened; empty where it can. */
    complaint(more: Partial<ConfigurationOptions> = {}): string {
      try {
        open(more);
        return "";
      } catch (error) {
        if (error instanceof BadEnvironment) return error.message;
        throw error;
      }
    },
  };
}
export type Machine = ReturnType<typeof makeMachine>;

export const updateKey = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
