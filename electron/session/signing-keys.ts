import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock";

/** A key that signs access tokens, with the id by which a token names it. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface SigningKeys {
  /** The key that signs from now on. */
  current(): SigningKey;
  /** A key that may still have signed a living token; nothing is looked up by a name that is not in this list. */
  find(kid: unknown): SigningKey | undefined;
}

/** Where the keys of an installation lie between two runs of the app. Undefined: nothing there that can be read. */
export interface SigningKeyStore {
  read(): string | undefined;
  write(text: string): void;
}

/** How long one key signs, and how long after that its last token can live, in milliseconds. */
const SIGNS_FOR = 7 * 24 * 3600_000;
const OUTLIVES = 16 * 60_000;

interface KeptKey extends SigningKey {
  readonly made: number;
  /** When the next key took its place. */
  replaced: number | null;
}

const keptSchema = z.strictObject({
  keys: z.array(
    z.strictObject({
      kid: z.string(),
      made: z.number(),
      replaced: z.number().nullable(),
      pkcs8: z.base64(),
    }),
  ),
});

function parse(text: string | undefined): KeptKey[] {
  if (text === undefined) return [];
  try {
    return keptSchema.parse(JSON.parse(text)).keys.map(({ kid, made, replaced, pkcs8 }) => {
      const privateKey = createPrivateKey({ key: Buffer.from(pkcs8, "base64"), format: "der", type: "pkcs8" });
      if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("another kind of key");
      return { kid, made, replaced, privateKey, publicKey: createPublicKey(privateKey) };
    });
  } catch {
    // What it signed is refused, as if it had expired; every session here gets a token of a new key at once.
    return [];
  }
}

const written = (keys: readonly KeptKey[]) =>
  JSON.stringify({
    keys: keys.map(({ kid, made, replaced, privateKey }) => ({
      kid,
      made,
      replaced,
      pkcs8: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
    })),
  });

/**
 * The signing keys of this installation (Ed25519): one signs for a week, and is kept until the last token that it signed has
 * expired. Without a store they live as long as the process. A clock that jumps makes a new key at worst.
 */
export function openSigningKeys(clock: Clock, store?: SigningKeyStore): SigningKeys {
  let keys = parse(store?.read());
  const now = () => clock.now().getTime();
  const isGone = ({ replaced }: KeptKey) => replaced !== null && Math.abs(now() - replaced) > OUTLIVES;

  function current(): SigningKey {
    const signing = keys.find((key) => key.replaced === null && Math.abs(now() - key.made) < SIGNS_FOR);
    if (signing) return signing;
    for (const key of keys) key.replaced ??= now();
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const made = { kid: randomBytes(8).toString("hex"), made: now(), replaced: null, privateKey, publicKey };
    keys = [...keys.filter((key) => !isGone(key)), made];
    try {
      store?.write(written(keys));
    } catch {
      // A disk that takes nothing: the key lives as long as the process.
    }
    return made;
  }

  return { current, find: (kid) => keys.find((key) => key.kid === kid && !isGone(key)) };
}
