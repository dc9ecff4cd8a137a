import { expect, test } from "vitest";
import { matrixRows, toolCell } from "../../../../renderer/permissions/permission-words";
import { may } from "../../../../shared/access/role-permissions";
import { roles } from "../../../../shared/access/roles";
import { toolNames, tools } from "../../../../shared/tools/registry";

test("a nurse sees identity data of the care team, with the identity fields masked and the insurance left out", () => {
  const cell = toolCell("Nurse", "get_patient_phi");
  expect(cell.words).toBe("Care team");
  expect(cell.withheld).toBe(
    "Masked: Social Security number, address, phone, e-mail and emergency contact. Not shown: insurance provider and number",
  );
});

test("a doctor sees the whole identity page of the care team: nothing is masked or withheld", () => {
  expect(toolCell("Doctor", "get_patient_phi")).toEqual({ reach: "care-team", words: "Care team", withheld: "" });
});

test("billing sees the insurance of all patients, and is told what it does not see", () => {
  const cell = toolCell("Billing", "get_patient_phi");
  expect(cell.words).toBe("All patients");
  expect(cell.withheld).toContain("the date of birth");
  expect(cell.withheld).not.toContain("insurance");
  expect(toolCell("Billing", "get_patient_overview").withheld).toBe("Not shown: ward and bed");
});

test("reception is denied medical records", () => {
  expect(toolCell("Reception", "get_medical_records")).toMatchObject({ reach: "denied", words: "Denied" });
});

test("every tool is a row, and a cell is denied exactly where the table denies", () => {
  const rows = matrixRows();
  for (const name of toolNames) {
    const row = rows.find((each) => each.tool === name);
    for (const role of roles) expect(row?.cellFor(role).reach === "denied").toBe(!may(role, tools[name].permission));
  }
});

test("acts that are no tool are rows too: who admits, imports and asks the assistant", () => {
  const acts = matrixRows().filter((row) => row.tool === null);
  expect(acts.map((row) => row.id).sort()).toEqual([
    "alerts.handle",
    "assistant.use",
    "audit.export",
    "break-glass.use",
    "health.read",
    "patients.admit",
    "patients.import",
    "people.manage",
  ]);
  expect(acts.find((row) => row.id === "patients.import")?.cellFor("Admin").words).toBe("Whole hospital");
  expect(acts.find((row) => row.id === "patients.import")?.cellFor("Nurse").words).toBe("Denied");
});
