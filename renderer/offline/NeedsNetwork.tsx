import type { ReactNode } from "react";
import { failures } from "../../shared/failure";
import { EmptyState } from "../design/EmptyState";

/** What cannot be done while the network is away, and why; nothing is hidden. */
export function NeedsNetwork({ title, action }: { readonly title: string; readonly action?: ReactNode }) {
  return (
    <EmptyState title={`${title}: not available while the network is away`} action={action}>
      {failures.OFFLINE}
    </EmptyState>
  );
}
