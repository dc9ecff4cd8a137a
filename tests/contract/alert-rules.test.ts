import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { alertRules } from "../../shared/alerts/alert";

const folder = "resources/database/migrations";
const migrations = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "utf8"));

test("every rule that PostgreSQL raises has its words, and no words are without a rule", () => {
  const raised = migrations.flatMap((text) =>
    [...text.matchAll(/raise_alert\('([a-z-]+)'/gu)].map((match) => match[1]),
  );
  const watched = migrations.flatMap((text) =>
    [...text.matchAll(/^\s+\('([a-z-]+)', '(?:urgent|review)', \d+, '[\w ]+'\)/gmu)].map((match) => match[1]),
  );
  expect(watched.length).toBeGreaterThan(5);
  expect(new Set(Object.keys(alertRules))).toEqual(new Set([...raised, ...watched]));
});
