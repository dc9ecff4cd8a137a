import { createHmac } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { OutboxKey } from "../../electron/records/outbox";
import type { ObservationSet } from "../../shared/clinical/observation-set";
import type { AuthenticatedEntry } from "../../shared/offline/outbox-entry";

export const ordinarySet: ObservationSet = {
  respiratory_rate: 18,
  oxygen_saturation: 96,
  spo2_scale: 1,
  on_oxygen: false,
  systolic: 122,
  diastolic: 78,
  pulse: 84,
  consciousness: "A",
  temperature: 37.2,
};

/** What a workstation writes down for one set; anything can be put in its place. */
export function payloadOf(key: OutboxKey, patient: string, changes: Record<string, unknown> = {}): string {
  const now = new Date().toISOString();
  return JSON.stringify({
    v: 1,
    id: uuidv7(),
    staff: key.staff,
    session: key.session,
    workstation: key.workstation,
    patient,
    recorded_at: now,
    entered_at: now,
    set: ordinarySet,
    ...changes,
  });
}

export const authenticated = (key: OutboxKey, payload: string): AuthenticatedEntry => ({
  keyId: key.id,
  payload,
  mac: createHmac("sha256", key.key).update(payload, "utf8").digest(),
});
