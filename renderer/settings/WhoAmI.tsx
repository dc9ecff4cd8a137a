import type { ReactNode } from "react";
import type { SessionView } from "../../shared/session/session-state";
import { Age } from "../design/Age";
import { Facts } from "../design/Facts";
import { formatMoment, formatTime } from "../design/format";
import { Panel } from "../design/Panel";

/** Who is signed in, as what, since when and where. */
export function WhoAmI({ session }: { readonly session: SessionView }) {
  const { person, shift } = session;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Name", <strong key="name">{person.name}</strong>],
    ["Role", <strong key="role">{person.role}</strong>],
    ["Staff id", person.staffId],
    ["Username", person.username],
    ["Department", person.department],
    ["Shift", shift ? `${shift.wardName} (${shift.ward}), until ${formatTime(shift.endsAt)}` : "No shift is on now"],
    [
      "Signed in since",
      <>
        {formatMoment(session.signedInAt)} <Age at={session.signedInAt} />
      </>,
    ],
    ["Workstation", session.workstation],
  ];
  return (
    <Panel title="Who am I">
      <Facts facts={facts} />
    </Panel>
  );
}
