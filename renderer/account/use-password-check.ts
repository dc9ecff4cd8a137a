import { useEffect, useState } from "react";
import { call } from "../bridge/call";
import { useSettled } from "../design/use-settled";
import type { PasswordCheck } from "./password-words";

interface Found {
  readonly password: string;
  readonly check: PasswordCheck;
}

/** Judges a password while it is typed, when the typing pauses. Kept in this component's state alone, and in no cache. */
export function usePasswordCheck(password: string): PasswordCheck {
  const settled = useSettled(password, 300);
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (settled === "") return;
    let stale = false;
    const tell = (check: PasswordCheck) => {
      if (!stale) setFound({ password: settled, check });
    };
    call("account.checkPassword", { password: settled }).then(
      ({ acceptable, reason }) =>
        tell(
          acceptable
            ? { state: "acceptable" }
            : { state: "refused", reason: reason ?? "This password cannot be used." },
        ),
      () => tell({ state: "not-checked" }),
    );
    return () => {
      stale = true;
    };
  }, [settled]);
  if (password === "") return { state: "none" };
  return found?.password === password ? found.check : { state: "checking" };
}
