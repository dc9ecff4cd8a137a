import { safeStorage } from "electron";

const described: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: "the keychain of this account",
  win32: "Windows' data protection for this account",
};

/**
 * The operating system's key store, after the app is ready; undefined where there is none. On Linux the backend
 * `basic_text` seals with a key that everybody knows, and an old runtime cannot say which backend it has: neither counts.
 */
export function openKeyStore() {
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  if (process.platform === "linux") {
    const asked = safeStorage as { getSelectedStorageBackend?: () => string };
    const backend = asked.getSelectedStorageBackend?.() ?? "unknown";
    if (backend === "basic_text" || backend === "unknown") return undefined;
  }
  return {
    described: described[process.platform] ?? "the keyring of this account",
    seal: (secret: string) => safeStorage.encryptString(secret),
    open: (sealed: Buffer) => safeStorage.decryptString(sealed),
  };
}
