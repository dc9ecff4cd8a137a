import {
  BedDouble,
  CalendarClock,
  type LucideIcon,
  MessageSquareText,
  ScrollText,
  Settings2,
  ShieldAlert,
  UserSearch,
  UsersRound,
} from "lucide-react";
import type { Permission } from "../../shared/access/permissions";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import type { Place } from "../../shared/session/session-state";

export type RailArea = Exclude<Place["area"], "patient" | "attention">;

interface Area {
  readonly area: RailArea;
  readonly word: string;
  readonly icon: LucideIcon;
  /** Any one of these lets a role in; an empty list lets everybody in. */
  readonly needs: readonly Permission[];
}

/** The areas of the rail from top to bottom. What is not built is not here. */
export const areas: readonly Area[] = [
  { area: "ward", word: "Ward", icon: BedDouble, needs: ["ward.read"] },
  { area: "patients", word: "Patients", icon: UserSearch, needs: ["patients.search"] },
  { area: "assistant", word: "Assistant", icon: MessageSquareText, needs: ["assistant.use"] },
  { area: "shifts", word: "Shifts", icon: CalendarClock, needs: ["own-shifts.read"] },
  { area: "audit", word: "Audit", icon: ScrollText, needs: ["own-audit.read", "audit.read"] },
  { area: "compliance", word: "Compliance", icon: ShieldAlert, needs: ["alerts.read", "break-glass.review"] },
  {
    area: "administration",
    word: "Administration",
    icon: UsersRound,
    needs: ["patients.admit", "patients.import", "health.read", "people.manage"],
  },
  { area: "settings", word: "Settings", icon: Settings2, needs: [] },
];

export function areasFor(role: Role): readonly Area[] {
  return areas.filter((area) => area.needs.length === 0 || area.needs.some((permission) => may(role, permission)));
}

/** Where a role starts: at its ward, or at the search where it has none. */
export function homeOf(role: Role): Place {
  return may(role, "ward.read") ? { area: "ward" } : { area: "patients" };
}

/** The place to restore: only where this role may still go. */
export function restoredPlace(role: Role, place: Place | null): Place {
  if (place === null) return homeOf(role);
  if (place.area === "patient") return may(role, "overview.read") ? place : homeOf(role);
  if (place.area === "attention") return may(role, "vital-signs.read") ? place : homeOf(role);
  return areasFor(role).some((each) => each.area === place.area) ? place : homeOf(role);
}
