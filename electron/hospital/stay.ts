import type { FailureCode } from "../../shared/failure";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { OwnerQuery } from "../database/pool";

export type Phase = AppStatus["phase"];

export interface HospitalLog {
  info(line: string): void;
  unexpected(where: string, error: unknown): string;
}

/** What a database behind the window tells about itself; `demo` is left out where nothing new is known about it. */
export interface Report {
  readonly phase: Phase;
  readonly message: string | null;
  /** Why it is `unavailable`, where a code says it. */
  readonly reason?: FailureCode;
  readonly demo?: boolean;
}

/** One database behind the window, from the first try until the workstation leaves it. */
export interface Stay {
  readonly kind: AppStatus["database"];
  /** Tries until it succeeds or is left; resolves with the first success. */
  start(): Promise<void>;
  /** Settles when it was tried once, whatever came of it. */
  readonly tried: Promise<void>;
  loadDemo(): Promise<void>;
  /** Ends everything of it on this machine. `forGood` removes what was prepared here and never used. */
  leave(forGood: boolean): Promise<void>;
}

export function pause(milliseconds: number): { readonly over: Promise<void>; end(): void } {
  let end = () => undefined as void;
  const over = new Promise<void>((resolve) => {
    const late = setTimeout(resolve, milliseconds);
    end = () => {
      clearTimeout(late);
      resolve();
    };
  });
  return { over, end };
}

/** A promise and the hand that settles it. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = () => undefined as void;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

export type LoadDemo = (owner: { query: OwnerQuery }) => Promise<unknown>;
