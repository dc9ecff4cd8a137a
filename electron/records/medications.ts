import type { Query, Row } from "../database/pool";

export async function readMedications(query: Query): Promise<Row[]> {
  return query(`SELECT id, generic, brand, form, dose, route, frequency, due_times, as_needed, status, started_on, stopped_on, prescriber, code, code_system
    FROM api.medications ORDER BY status <> 'active', as_needed, generic, started_on DESC`);
}

/** Active medicines with fixed times of every announced patient, for the ward list. */
export async function readScheduledMedications(query: Query): Promise<Row[]> {
  return query(
    "SELECT patient_id, generic, dose, due_times FROM api.medications WHERE status = 'active' AND NOT as_needed AND due_times <> '{}'",
  );
}

/** The next moment at which one of these times of day (`08:00`, the workstation's own time) comes round after `now`. */
export function nextDue(dueTimes: readonly string[], now: Date): Date | undefined {
  const moments = dueTimes.map((time) => {
    const [hours = 0, minutes = 0] = time.split(":").map(Number);
    const due = new Date(now);
    due.setHours(hours, minutes, 0, 0);
    if (due <= now) due.setDate(due.getDate() + 1);
    return due;
  });
  return moments.sort((a, b) => a.getTime() - b.getTime())[0];
}
