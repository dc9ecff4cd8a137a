import { createHmac, randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { ObservationSet } from "../../../shared/clinical/observation-set";
import type { AuthenticatedEntry, OutboxEntry } from "../../../shared/offline/outbox-entry";

export const plainSet: ObservationSet = {
  respiratory_rate: 16,
  oxygen_saturation: 97,
  spo2_scale: 1,
  on_oxygen: false,
  systolic: 128,
  diastolic: 74,
  pulse: 72,
  consciousness: "A",
  temperature: 36.8,
};

export function newEntry(change: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    v: 1,
    id: uuidv7(),
    staff: "STF010",
    session: randomUUID(),
    workstation: "ward-5a-1",
    patient: "FCE57",
    recorded_at: "2026-04-05T09:05:00.000Z",
    entered_at: "2026-04-05T09:06:00.000Z",
    set: plainSet,
    ...change,
  };
}

export function proofOf(entry: OutboxEntry, key: Buffer, keyId: string = randomUUID()): AuthenticatedEntry {
  const payload = JSON.stringify(entry);
  return { keyId, payload, mac: createHmac("sha256", key).update(payload, "utf8").digest() };
}
