import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { Button } from "../design/Button";
import { askBreakGlass } from "./asking";

export interface BreakGlassButtonProps {
  readonly role: Role;
  /** The number that was asked for, where there is one. */
  readonly patientId?: string;
}

/** The way to a chart in an emergency, for the roles that have it. */
export function BreakGlassButton({ role, patientId }: BreakGlassButtonProps) {
  if (!may(role, "break-glass.use")) return null;
  return <Button onPress={() => askBreakGlass(patientId)}>In an emergency: break glass</Button>;
}
