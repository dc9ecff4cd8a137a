import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

/** What is signed begins with these words: a signature over anything else of ours never stands for an anchor. */
const PURPOSE = "lamplight-audit-anchor-v1\n";

export interface AnchorKey {
  readonly id: string;
  /** PEM, SPKI. */
  readonly publicKey: string;
  sign(statement: string): string;
}

/** The first 16 hexadecimal digits of the SHA-256 of the public key's DER form. */
export function keyId(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex")
    .slice(0, 16);
}

/** A new Ed25519 key as PKCS 8 PEM. */
export function newAnchorKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Opens a private key. Throws where the text is no Ed25519 key. */
export function openAnchorKey(pem: string): AnchorKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("not an Ed25519 key");
  const publicKey = createPublicKey(key);
  return {
    id: keyId(publicKey),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    sign: (statement) => sign(null, Buffer.from(PURPOSE + statement, "utf8"), key).toString("base64"),
  };
}

/** Public keys by their ids. What is no Ed25519 public key in PEM form is left out. */
export class KnownKeys {
  readonly #keys = new Map<string, KeyObject>();

  constructor(pems: Iterable<string>) {
    for (const pem of pems) {
      try {
        const key = createPublicKey(pem);
        if (key.asymmetricKeyType === "ed25519") this.#keys.set(keyId(key), key);
      } catch {
        // Another file of that folder.
      }
    }
  }

  get ids(): readonly string[] {
    return [...this.#keys.keys()];
  }

  has(id: string): boolean {
    return this.#keys.has(id);
  }

  holds(id: string, statement: string, signature: string): boolean {
    const key = this.#keys.get(id);
    if (!key) return false;
    return verify(null, Buffer.from(PURPOSE + statement, "utf8"), key, Buffer.from(signature, "base64"));
  }
}
