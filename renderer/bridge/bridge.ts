import type { WardApi } from "../../shared/ipc/ward-api";

declare global {
  interface Window {
    /** Put there by the preload script; all that this page can see of the machine. */
    readonly ward: WardApi;
  }
}

/** The typed way to `window.ward`. Looked up at each call, so that a test can hand in its own. */
export function bridge(): WardApi {
  return window.ward;
}
