import type { OwnerQuery } from "../../../electron/database/pool";
import { newAccountRows } from "../../../electron/session/new-account";
import { roles } from "../../../shared/access/roles";
import { demoPassword } from "../demo-password";
import { accountOf, cheapHashing } from "../hospital";

/** So many people with accounts of their own, who work as the demo account of their role does: its shifts, its patients. */
export async function addCrowd(query: OwnerQuery, size: number): Promise<string[]> {
  const usernames: string[] = [];
  for (let index = 0; index < size; index += 1) {
    // Wards have more nurses and doctors than auditors.
    const role = index % 3 === 2 ? (roles[index % roles.length] ?? "Nurse") : index % 3 === 1 ? "Doctor" : "Nurse";
    const [id, username] = [`CROWD${index}`, `crowd_${index}`];
    const like = "SELECT id FROM hospital.staff WHERE username = $2";
    await query(
      `INSERT INTO hospital.staff (id, username, name, role, department)
       SELECT $1, $3, name, role, department FROM hospital.staff WHERE username = $2`,
      [id, accountOf(role), username],
    );
    await query(
      `INSERT INTO hospital.shift (staff_id, ward_code, starts_at, ends_at)
       SELECT $1, ward_code, starts_at, ends_at FROM hospital.shift WHERE staff_id = (${like})`,
      [id, accountOf(role)],
    );
    await query(
      `INSERT INTO hospital.assignment (staff_id, patient_id, reason)
       SELECT $1, patient_id, reason FROM hospital.assignment WHERE staff_id = (${like})`,
      [id, accountOf(role)],
    );
    const rows = await newAccountRows({
      staffId: id,
      password: demoPassword,
      hashing: cheapHashing,
      fieldKey: undefined,
    });
    for (const [table, list] of Object.entries(rows)) {
      const columns = Object.keys(list[0] as object).join(", ");
      await query(
        `INSERT INTO private.${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::private.${table}, $1)`,
        [JSON.stringify(list)],
      );
    }
    usernames.push(username);
  }
  return usernames;
}
