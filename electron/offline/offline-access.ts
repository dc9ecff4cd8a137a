import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../shared/failure";
import { derivePasswordKeys, forgetKeys, type PasswordKeys } from "../session/password-keys";
import { readIfThere, removeDurably, writeDurably } from "./durable-file";
import {
  type BlobContent,
  type BlobFile,
  type BlobHead,
  offlinePolicy,
  openBlob,
  readBlob,
  sealBlob,
} from "./offline-blob";
import type { SteadyClock } from "./steady-clock";
import { attemptLimit, openAttempts } from "./unlock-attempts";
import type { KeyStore } from "./workstation-key";

export interface OfflineAccessOptions {
  /** Folder with one folder a person. */
  readonly folder: string;
  /** This installation's id; a blob of another one opens nothing here. */
  readonly workstation: string;
  readonly clock: SteadyClock;
  readonly store: KeyStore | undefined;
  /** A person's access and everything that hung on it was deleted. */
  readonly onDeleted: (username: string, why: "expired" | "wrong-passwords") => Promise<void>;
}

export interface OpenedOffline {
  readonly content: BlobContent;
  /** Every key of the password but `offline`, which has done its work; the holder zeroes them. */
  readonly keys: PasswordKeys;
  /** Unix time in milliseconds. */
  readonly until: number;
  /** Wrong passwords that were tried here since the last right one. */
  readonly wrongBefore: number;
}

/**
 * Who may work here without the network: one sealed blob a person. There is no verifier beside it: a wrong password is one
 * that does not open it.
 */
export class OfflineAccess {
  /** Two tries at once would count as one. */
  #trying: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: OfflineAccessOptions) {}

  /** The folder of one person, named by a hash so that a list of the folder is no list of names. */
  folderOf(username: string): string {
    const name = createHash("sha256").update(username.trim().toLowerCase(), "utf8").digest("hex").slice(0, 32);
    return join(this.options.folder, name);
  }

  #blobOf(username: string): string {
    return join(this.folderOf(username), "access");
  }

  async #read(path: string): Promise<BlobFile | undefined> {
    const bytes = await readIfThere(path);
    if (bytes === undefined) return undefined;
    try {
      const { store } = this.options;
      const text = bytes.toString("utf8");
      if (!text.startsWith("{")) return store && readBlob(store.open(bytes));
      return readBlob(text);
    } catch {
      // Sealed by another account, or the key store forgot it: it opens nothing any more.
      return undefined;
    }
  }

  #valid({ workstation, notAfter, policy }: BlobHead): boolean {
    return workstation === this.options.workstation && policy === offlinePolicy && this.options.clock.now() < notAfter;
  }

  /** The data key of the access that is there, when the same password opens it and it has not run out: what it sealed stays readable. */
  async contentUnder(username: string, offlineKey: Buffer): Promise<BlobContent | undefined> {
    const file = await this.#read(this.#blobOf(username));
    return file && this.#valid(file.head) ? openBlob(offlineKey, file) : undefined;
  }

  /** Seals and keeps access anew, in the place of what was there; wrong passwords of before are forgiven by the right one. */
  async keep(username: string, offlineKey: Buffer, head: BlobHead, content: BlobContent): Promise<void> {
    const text = sealBlob(offlineKey, head, content);
    await writeDurably(this.#blobOf(username), this.options.store?.seal(text) ?? text);
    await openAttempts(this.folderOf(username)).clear();
  }

  /**
   * Opens a person's access with their password. Refuses with OFFLINE_UNAVAILABLE where there is none, OFFLINE_EXPIRED where it
   * ran out, SIGN_IN_FAILED for a wrong password; the fifth wrong one deletes it.
   */
  async open(username: string, password: string): Promise<OpenedOffline> {
    const before = this.#trying;
    const opening = before.catch(() => undefined).then(() => this.#open(username, password));
    this.#trying = opening;
    return opening;
  }

  async #open(username: string, password: string): Promise<OpenedOffline> {
    const { clock } = this.options;
    const file = await this.#read(this.#blobOf(username));
    if (!file) throw new Refusal("OFFLINE_UNAVAILABLE");
    if (!this.#valid(file.head)) {
      await this.remove(username, "expired");
      throw new Refusal("OFFLINE_EXPIRED");
    }
    const attempts = openAttempts(this.folderOf(username));
    const count = await attempts.count();
    if (count > attemptLimit) {
      await this.remove(username, "wrong-passwords");
      throw new Refusal("OFFLINE_UNAVAILABLE");
    }
    await clock.keep();
    const { salt, ...hashing } = file.head.hashing;
    const keys = await derivePasswordKeys(password, { salt: Buffer.from(salt, "base64"), ...hashing });
    const content = openBlob(keys.offline, file);
    keys.offline.fill(0);
    if (content) {
      await attempts.clear();
      return { content, keys, until: file.head.notAfter, wrongBefore: count - 1 };
    }
    forgetKeys(keys);
    if (count < attemptLimit) throw new Refusal("SIGN_IN_FAILED");
    await this.remove(username, "wrong-passwords");
    throw new Refusal(
      "OFFLINE_UNAVAILABLE",
      "Too many wrong passwords. What this workstation held for working without the network was deleted; nothing that waits to be sent is lost. Sign in again when the network is back.",
    );
  }

  /** Whether anybody could work here without the network now; names nobody. */
  async anybody(): Promise<boolean> {
    for (const path of await this.#all()) {
      const file = await this.#read(path);
      if (file && this.#valid(file.head)) return true;
    }
    return false;
  }

  async holds(username: string): Promise<"yes" | "expired" | "no"> {
    const file = await this.#read(this.#blobOf(username));
    if (!file) return "no";
    return this.#valid(file.head) ? "yes" : "expired";
  }

  /** Deletes what ran out or opens nothing any more, with everything that it opened. */
  async sweep(): Promise<void> {
    for (const path of await this.#all()) {
      const file = await this.#read(path);
      if (!file || !this.#valid(file.head)) await removeDurably(join(path, ".."));
    }
  }

  async remove(username: string, why: "expired" | "wrong-passwords"): Promise<void> {
    await this.options.onDeleted(username, why);
    await removeDurably(this.folderOf(username));
  }

  async #all(): Promise<string[]> {
    const names = await readdir(this.options.folder).catch(() => []);
    return names.map((name) => join(this.options.folder, name, "access"));
  }
}
