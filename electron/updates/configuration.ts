import { createPublicKey } from "node:crypto";
import { BadEnvironment, staysOnThisMachine } from "../config";

/** What IT has turned on. Made only by `readUpdatesConfiguration`. */
export interface UpdatesConfiguration {
  /** The folder that holds `lamplight.json`, ending in a slash. */
  readonly feed: string;
  /** Ed25519, SPKI, PEM. */
  readonly publicKey: string;
  readonly channel: string;
}

/** A value that updates cannot work with. The message names the item and repeats no value. */
export class BadUpdatesConfiguration extends BadEnvironment {}

export interface UpdatesItems {
  /** `updates.enabled` */
  readonly enabled: boolean | undefined;
  /** `updates.feed` */
  readonly feed: string | undefined;
  /** `updates.publicKey` */
  readonly publicKey: string | undefined;
  /** `updates.channel`; "stable" where nobody says. */
  readonly channel?: string | undefined;
}

function feedFolder(text: string | undefined): string {
  if (!text) throw new BadUpdatesConfiguration("updates.feed is missing, and updates.enabled is on.");
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new BadUpdatesConfiguration("updates.feed is not an address such as https://updates.example.org/lamplight.");
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && staysOnThisMachine(url.hostname)))
    throw new BadUpdatesConfiguration("updates.feed must use https, except on this machine.");
  if (url.username || url.password) throw new BadUpdatesConfiguration("updates.feed must not hold a name or password.");
  if (url.search || url.hash) throw new BadUpdatesConfiguration("updates.feed must be a folder, without ? or #.");
  return `${url.origin}${url.pathname.replace(/\/*$/u, "/")}`;
}

function ed25519(text: string | undefined): string {
  if (!text) throw new BadUpdatesConfiguration("updates.publicKey is missing, and updates.enabled is on.");
  try {
    const pem = text.trim();
    // A private key would be read, too: it has no business on a workstation.
    if (pem.startsWith("-----BEGIN PUBLIC KEY-----") && createPublicKey(pem).asymmetricKeyType === "ed25519")
      return pem;
  } catch {
    // Said below.
  }
  throw new BadUpdatesConfiguration("updates.publicKey is not an Ed25519 public key in PEM form.");
}

/** Null: updates are off, whatever the other items say. Throws `BadUpdatesConfiguration`. */
export function readUpdatesConfiguration(items: UpdatesItems): UpdatesConfiguration | null {
  if (items.enabled !== true) return null;
  const channel = items.channel || "stable";
  if (!/^[a-z]{1,20}$/u.test(channel))
    throw new BadUpdatesConfiguration("updates.channel must be one word, e.g. stable.");
  return { feed: feedFolder(items.feed), publicKey: ed25519(items.publicKey), channel };
}
