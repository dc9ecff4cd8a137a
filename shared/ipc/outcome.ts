import type { Failure } from "../failure";

/** What crosses the bridge: a value, or a failure by code. An error's own message never does. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };
