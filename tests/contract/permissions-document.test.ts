import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { permissionsDocument } from "../../scripts/permissions-document";
import { cellOf, columns, tableTools } from "../support/product-table";

test("docs/permissions.md is up to date: else run npx tsx scripts/permissions-document.ts", () => {
  expect(readFileSync("docs/permissions.md", "utf8")).toBe(permissionsDocument());
});

test("its table of tools says what the product's table says", () => {
  const lines = permissionsDocument().split("\n");
  for (const tool of tableTools) {
    const line = lines.find((candidate) => candidate.startsWith(`| \`${tool}\``)) ?? "";
    const cells = line
      .split("|")
      .slice(3, 9)
      .map((text) => text.trim());
    expect(cells, tool).toEqual(columns.map((role) => cellOf(role, tool).replace("denied", "–")));
  }
});
