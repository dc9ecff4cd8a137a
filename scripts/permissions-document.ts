import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Permission, permissionNames, permissions } from "../shared/access/permissions";
import { type Reach, reachOf } from "../shared/access/role-permissions";
import { type Role, roles } from "../shared/access/roles";
import { toolNames, tools } from "../shared/tools/registry";

/**
 * Derives docs/permissions.md from the one table in shared/access and the declarations in shared/tools. Run it by
 * `npx tsx scripts/permissions-document.ts` after a change there; a contract test notices when it was forgotten.
 */
const words: Readonly<Record<Reach, string>> = { all: "all", "care-team": "care team", own: "own" };
const cell = (reach: Reach | undefined) => (reach === undefined ? "–" : words[reach]);

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What a role gets from a tool beyond or short of its own permission. */
function withheld(role: Role, name: (typeof toolNames)[number]): Permission[] {
  if (reachOf(role, tools[name].permission) === undefined) return [];
  return tools[name].discloses.filter(
    (permission) => reachOf(role, permission) === undefined && permission !== "identity.masked",
  );
}

export function permissionsDocument(): string {
  const byTool = table(
    ["Tool", "Permission", ...roles],
    toolNames.map((name) => {
      const { permission, offered } = tools[name];
      return [
        `\`${name}\`${offered ? "" : " ¹"}`,
        `\`${permission}\``,
        ...roles.map((role) => cell(reachOf(role, permission))),
      ];
    }),
  );
  const byPermission = table(
    ["Permission", "What it discloses or allows", ...roles],
    permissionNames.map((name) => [
      `\`${name}\``,
      permissions[name],
      ...roles.map((role) => cell(reachOf(role, name))),
    ]),
  );
  const short = toolNames.flatMap((name) =>
    roles.flatMap((role) => {
      const missing = withheld(role, name);
      return missing.length === 0
        ? []
        : [[`\`${name}\``, role, missing.map((permission) => permissions[permission]).join("; ")]];
    }),
  );
  return `# Who may see what

This file is derived from \`shared/access/role-permissions.ts\` and \`shared/tools/\` by
\`npx tsx scripts/permissions-document.ts\`; a test fails when it is not up to date. The door, MCP, the screens and
PostgreSQL's row policies derive from the same two places.

**all**: every patient of the hospital. **care team**: patients on a ward of one's own current shift (30 minutes either
side), explicitly assigned, or with an appointment today; anybody else answers like a patient who does not exist.
**own**: one's own data. **–**: denied.

## By tool

${byTool}

¹ Asked by a screen only; not offered to models and MCP clients.

## What a tool withholds from a role that may use it

${table(["Tool", "Role", "Withheld"], short)}

Where a role holds \`identity.masked\`, a withheld identity field reads \`[REDACTED]\`; otherwise it is absent. In PostgreSQL it
is NULL in both cases.

## By permission

${byPermission}
`;
}

const target = fileURLToPath(new URL("../docs/permissions.md", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, permissionsDocument());
