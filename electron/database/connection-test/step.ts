import type { Host } from "../connection-settings";

/** What one step found; after a failure the message says what IT can do about it. */
export interface Finding {
  readonly good: boolean;
  readonly message: string;
}
export const passed = (message: string): Finding => ({ good: true, message });
export const failed = (message: string): Finding => ({ good: false, message });

/** A server as a message names it. */
export function named({ host, port }: Host): string {
  if (host.startsWith("/")) return `the socket in ${host}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Text that a stranger's server sent, made harmless for a message. */
export const quoted = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, 160);
