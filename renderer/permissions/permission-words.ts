import { type Permission, permissionNames, permissions } from "../../shared/access/permissions";
import { type Reach, reachOf } from "../../shared/access/role-permissions";
import type { Role } from "../../shared/access/roles";
import { type ToolName, toolNames, tools } from "../../shared/tools/registry";

/** What one role may do with one tool or act, in words; derived from THE table, never written twice. */
export interface Cell {
  readonly reach: Reach | "denied";
  readonly words: string;
  /** What the role is not shown although it may use the tool; empty where nothing is withheld. */
  readonly withheld: string;
}

export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  /** The tool's name, or null for an act that is no tool. */
  readonly tool: ToolName | null;
  /** What it discloses or allows. */
  readonly about: string;
  readonly cellFor: (role: Role) => Cell;
}

const denied: Cell = { reach: "denied", words: "Denied", withheld: "" };
const hospitalWide: ReadonlySet<Permission> = new Set([
  "shifts.read",
  "audit.read",
  "patients.import",
  "alerts.read",
  "alerts.handle",
  "audit.export",
  "people.manage",
  "break-glass.review",
]);

/** How far a permission reaches, in the ward's words. */
export function reachWords(reach: Reach, permission: Permission): string {
  switch (reach) {
    case "all":
      return hospitalWide.has(permission) ? "Whole hospital" : "All patients";
    case "care-team":
      return "Care team";
    case "own":
      return "Own";
  }
}

/** What a role may see through a tool, and what of it is withheld or masked. */
export function toolCell(role: Role, name: ToolName): Cell {
  const { permission, discloses } = tools[name];
  const reach = reachOf(role, permission);
  if (reach === undefined) return denied;
  const holds = (other: Permission) => reachOf(role, other) !== undefined;
  // To hold identity fields masked says something only to those who do not hold them in clear.
  const masks = holds("identity.masked") && !holds("identity.read") && discloses.includes("identity.masked");
  const missing = discloses.filter(
    (other) => !holds(other) && other !== "identity.masked" && !(masks && other === "identity.read"),
  );
  const parts = [
    ...(masks ? [`Masked: ${permissions["identity.read"]}`] : []),
    ...(missing.length > 0 ? [`Not shown: ${missing.map((other) => permissions[other]).join("; ")}`] : []),
  ];
  return { reach, words: reachWords(reach, permission), withheld: parts.join(". ") };
}

/** What a role may do that is no reading tool. */
export function actCell(role: Role, permission: Permission): Cell {
  const reach = reachOf(role, permission);
  return reach === undefined ? denied : { reach, words: reachWords(reach, permission), withheld: "" };
}

function disclosed(name: ToolName): string {
  return tools[name].discloses
    .filter((permission) => permission !== "identity.masked" && permission !== "phi.read")
    .map((permission) => permissions[permission])
    .join("; ");
}

/** Every tool, then every permission that no tool asks for or discloses: the acts. */
export function matrixRows(): readonly MatrixRow[] {
  const named = new Set<Permission>(toolNames.flatMap((name) => [tools[name].permission, ...tools[name].discloses]));
  return [
    ...toolNames.map((name) => ({
      id: name,
      title: tools[name].title,
      tool: name,
      about: disclosed(name),
      cellFor: (role: Role) => toolCell(role, name),
    })),
    ...permissionNames
      .filter((permission) => !named.has(permission))
      .map((permission) => ({
        id: permission,
        title: permissions[permission].replace(/^./u, (first) => first.toUpperCase()),
        tool: null,
        about: "",
        cellFor: (role: Role) => actCell(role, permission),
      })),
  ];
}
