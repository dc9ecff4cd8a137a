import { open, type SealingKey, seal, sealedKeyId } from "./seal";

/** A key sealed under the key before it, as PostgreSQL keeps it while both are in use. */
export interface KeyLink {
  readonly keyId: string;
  readonly sealedUnder: string;
  readonly sealed: Buffer;
}

/** The bytes of a ciphertext name its key, so moving a link to other ids does not open it. */
const association = (keyId: string, sealedUnder: string) => `key-link|${keyId}|${sealedUnder}`;

export function linkKey(key: SealingKey, under: SealingKey): KeyLink {
  const sealed = seal(under, key.key.toString("base64"), association(key.id, under.id));
  return { keyId: key.id, sealedUnder: under.id, sealed };
}

/**
 * The field keys that a person holds: while a rotation lasts the old one and the new one. Each ciphertext is opened with the
 * key that it names; what is sealed now is sealed with the newest. Lives as long as the session and is zeroed with it.
 */
export class KeyRing {
  readonly #keys = new Map<string, SealingKey>();
  readonly #superseded = new Set<string>();
  #forgotten = false;

  constructor(keys: readonly SealingKey[]) {
    for (const key of keys) this.#keys.set(key.id, key);
  }

  /** Opens every link whose key is held, and the links of what that gave; answers the keys that were not held before. */
  follow(links: readonly KeyLink[]): SealingKey[] {
    if (this.#forgotten) return [];
    const found: SealingKey[] = [];
    let waiting = [...links];
    for (let before = -1; waiting.length !== before; ) {
      before = waiting.length;
      waiting = waiting.filter((link) => {
        const under = this.#keys.get(link.sealedUnder);
        if (!under) return true;
        this.#superseded.add(under.id);
        if (this.#keys.has(link.keyId)) return false;
        const encoded = open(under, link.sealed, association(link.keyId, link.sealedUnder));
        const key = { id: link.keyId, key: Buffer.from(encoded, "base64") };
        this.#keys.set(key.id, key);
        found.push(key);
        return false;
      });
    }
    return found;
  }

  /** The key that seals from now on. */
  get current(): SealingKey {
    const living = [...this.#keys.values()].filter((key) => !this.#superseded.has(key.id));
    const newest = living.at(-1);
    if (!newest) throw new Error("an empty key ring");
    return newest;
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** A key that is held, for sealing it for somebody else; never after the ring was forgotten. */
  get(keyId: string): SealingKey | undefined {
    return this.#forgotten ? undefined : this.#keys.get(keyId);
  }

  /** Opens what any key of the ring sealed; throws when none did, or when a single bit differs. */
  open(sealed: Buffer, associated: string): string {
    const key = this.#keys.get(sealedKeyId(sealed));
    if (!key) throw new Error("sealed with a key that is not held");
    return open(key, sealed, associated);
  }

  forget(): void {
    this.#forgotten = true;
    for (const key of this.#keys.values()) key.key.fill(0);
  }
}
