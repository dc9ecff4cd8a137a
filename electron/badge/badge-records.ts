import { z } from "zod";
import { type BadgeRule, badgeRules } from "../../shared/account/account";
import type { Query } from "../database/query";

const holderSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("known"),
    username: z.string(),
    name: z.string(),
    rule: z.enum(badgeRules),
    second_factor: z.boolean(),
  }),
  z.object({ outcome: z.enum(["unknown", "limited"]) }),
]);

/** Whose badge was read. Two transactions: the reading is counted before anything is told of it. */
export async function readHolder(query: Query, badge: Buffer, workstation: string) {
  const [begun] = await query("SELECT api.begin_badge_read($1, $2) AS read", [badge, workstation]);
  const [row] = await query("SELECT * FROM api.badge_holder($1)", [begun?.["read"]]);
  return holderSchema.parse(row);
}

/** What a badge may do for the person of a session. */
export async function readOwnRule(query: Query, token: string): Promise<BadgeRule> {
  const [row] = await query("SELECT rule FROM api.own_badge($1)", [token]);
  return z.enum(badgeRules).parse(row?.["rule"]);
}

const verdictSchema = z.enum(["granted", "failed", "locked", "off", "taken"]);

/** `attempt`: of `begin_sign_in` with the person's own password. */
export async function setBadge(query: Query, token: string, attempt: string, badge: Buffer) {
  const [row] = await query("SELECT api.set_badge($1, $2, $3) AS verdict", [token, attempt, badge]);
  return verdictSchema.parse(row?.["verdict"]);
}

export async function removeBadge(query: Query, token: string): Promise<void> {
  await query("SELECT api.remove_badge($1)", [token]);
}
