import { useQuery } from "@tanstack/react-query";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { commandQuery } from "../bridge/ward-query";

const everyMinute = 60_000;

/** How many refused entries wait for this person, and how many only this workstation knows of. Unknown counts as none. */
export function useAttention(role: Role): { readonly refused: number; readonly here: number } {
  const enabled = may(role, "vital-signs.record");
  const options = { enabled, refetchInterval: everyMinute, retry: false } as const;
  const refused = useQuery({ ...commandQuery("attention.count", {}), ...options });
  const here = useQuery({ ...commandQuery("attention.local", {}), ...options });
  return { refused: refused.data?.count ?? 0, here: here.data?.entries.length ?? 0 };
}
