import type { ConnectionView } from "../../shared/workstation/connection";
import { Notice } from "../design/Notice";
import { deciders } from "./connection-words";

/** Instead of the form where a person cannot choose: that somebody else did, and unless it stands beside this, what. */
export function DecidedByIt({ view, brief = false }: { readonly view: ConnectionView; readonly brief?: boolean }) {
  const where = view.url ?? "the database on this machine";
  return (
    <Notice kind="info" title="IT decided which database this workstation uses.">
      It cannot be changed here.{brief ? "" : ` Database: ${where}. Decided by ${deciders[view.source]}.`}
    </Notice>
  );
}
