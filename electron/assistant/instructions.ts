import { permissionNames, permissions } from "../../shared/access/permissions";
import { may } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { toolNames, tools } from "../../shared/tools/registry";

const places = ["{{role}}", "{{now}}", "{{patient}}", "{{withheld}}"] as const;

/** The instructions of a language model for one turn, narrowed to the role of the person who asks. */
export type Instructions = (turn: {
  readonly role: Role;
  readonly now: Date;
  readonly patientId?: string | undefined;
}) => string;

/** Reads the template; one that lost a placeholder is refused at start rather than sent without its limits. */
export function createInstructions(template: string): Instructions {
  for (const place of places)
    if (!template.includes(place)) throw new Error(`The assistant's instructions lack ${place}.`);
  return ({ role, now, patientId }) =>
    template
      .replace("{{role}}", role)
      .replace("{{now}}", now.toISOString())
      .replace("{{withheld}}", withheldFrom(role))
      .replace(
        "{{patient}}",
        patientId
          ? `The chart of patient ${patientId} is open beside this chat. That is context, not permission.`
          : "No chart is open beside this chat.",
      );
}

/** What the tools could disclose and this role may not see, in words. */
export function withheldFrom(role: Role): string {
  const disclosed = new Set(toolNames.filter((name) => tools[name].offered).flatMap((name) => tools[name].discloses));
  const withheld = permissionNames.filter(
    (permission) => disclosed.has(permission) && permission !== "identity.masked" && !may(role, permission),
  );
  return withheld.length === 0 ? "nothing beyond its reach" : withheld.map((name) => permissions[name]).join("; ");
}
