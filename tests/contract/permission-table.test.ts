import { expect, test } from "vitest";
import type { Permission } from "../../shared/access/permissions";
import { reachOf } from "../../shared/access/role-permissions";
import { roles } from "../../shared/access/roles";
import { offeredToolNames, toolNames, tools, toolsFor } from "../../shared/tools/registry";
import {
  accessLevels,
  cellOf,
  columns,
  screenOnly,
  seesPlaces,
  seesScores,
  shownInPhi,
  type TableTool,
  tableTools,
} from "../support/product-table";

const cells = { all: "all", "care-team": "care team", own: "own" } as const;

test("the table has six roles, in the product's order", () => {
  expect(roles).toEqual(columns);
});

test("every tool has its row, and every row its tool", () => {
  expect([...toolNames].sort()).toEqual([...tableTools].sort());
});

test.each(columns)("%s reaches exactly what the product's table grants", (role) => {
  const granted = (tool: TableTool) => {
    const reach = reachOf(role, tools[tool].permission);
    return reach === undefined ? "denied" : cells[reach];
  };
  for (const tool of tableTools) expect(granted(tool), tool).toBe(cellOf(role, tool));
});

test("everyone may ask the assistant; only an Admin imports and admits", () => {
  const holders = (permission: Permission) => columns.filter((role) => reachOf(role, permission) !== undefined);
  expect(holders("assistant.use")).toEqual(columns);
  expect(holders("patients.import")).toEqual(["Admin"]);
  expect(holders("patients.admit")).toEqual(["Admin"]);
});

test.each(columns)("%s sees the identity page as the product's table says", (role) => {
  const holds = (permission: Parameters<typeof reachOf>[1]) => reachOf(role, permission) !== undefined;
  const reachesPage = holds("phi.read");
  const identity = !reachesPage
    ? "absent"
    : holds("identity.read")
      ? "shown"
      : holds("identity.masked")
        ? "masked"
        : "absent";
  expect(identity).toBe(shownInPhi(role, "ssn"));
  expect(reachesPage && holds("birth-date.read") ? "shown" : "absent").toBe(shownInPhi(role, "date_of_birth"));
  expect(reachesPage && holds("insurance.read") ? "shown" : "absent").toBe(shownInPhi(role, "insurance_number"));
  expect(reachesPage).toBe(accessLevels[role] !== null);
});

test.each(columns)("%s sees places and scores beside names as the product's table says", (role) => {
  expect(reachOf(role, "placement.read") !== undefined).toBe(seesPlaces[role]);
  expect(reachOf(role, "vital-signs.read") !== undefined).toBe(seesScores[role]);
  expect(reachOf(role, "medications.read") !== undefined).toBe(seesScores[role]);
});

test("nobody's care-team permission reaches further than the overview of the same patients", () => {
  for (const role of ["Doctor", "Nurse"] as const)
    for (const tool of tableTools)
      if (tools[tool].scope === "patient" && cellOf(role, tool) !== "denied")
        expect(reachOf(role, tools[tool].permission), tool).toBe("care-team");
});

test("what only a screen asks is offered to no model and no client", () => {
  expect(toolNames.filter((name) => !offeredToolNames.includes(name)).sort()).toEqual([...screenOnly].sort());
  for (const role of columns) expect(toolsFor(role).filter((name) => screenOnly.includes(name))).toEqual([]);
});

test("a role is offered what its row grants, and nothing else", () => {
  for (const role of columns) {
    const expected = tableTools.filter((tool) => cellOf(role, tool) !== "denied" && !screenOnly.includes(tool));
    expect([...toolsFor(role)].sort(), role).toEqual([...expected].sort());
  }
});
