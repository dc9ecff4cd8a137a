/** The operating system's key store, where there is a real one: what it seals only this account of this machine opens. */
export interface SecretBox {
  /** In words, for the person who types a secret. */
  readonly described: string;
  seal(secret: string): Buffer;
  /** Throws when another account or machine sealed it, or the key is gone. */
  open(sealed: Buffer): string;
}
