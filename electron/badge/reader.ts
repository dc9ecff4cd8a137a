/**
 * Where badges are read. Beside the keyboard's reader a card reader of its own (PC/SC) fits behind this; none is built in,
 * since it needs a native library.
 */
export interface BadgeReader {
  /** What was read: 4 to 64 bytes. The listener owns the buffer and zeroes it. */
  onRead(listener: (badge: Buffer) => void): void;
}
