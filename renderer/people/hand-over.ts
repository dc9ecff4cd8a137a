/** A password that was just made for somebody: shown once, and kept nowhere. */
export interface HandOver {
  readonly name: string;
  readonly username: string;
  readonly password: string;
}
