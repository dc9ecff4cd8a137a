import { describe, expect, test } from "vitest";
import { restoredPlace } from "../../../renderer/app/areas";
import { standingEntries } from "../../../renderer/app/palette-entries";
import { tidy } from "../../../renderer/app/place";
import { figureLines, reasonWords, subjectWords, waitingWords } from "../../../renderer/attention/attention-words";
import { recorderWords } from "../../../renderer/vitals/vital-words";
import { anyObservationSetSchema } from "../../../shared/clinical/observation-set";
import { type RefusedObservation, refusalReasons } from "../../../shared/clinical/refused-observation";

const entry: RefusedObservation = {
  id: "00000000-0000-4000-8000-000000000001",
  entry_id: null,
  patient_id: "FCE57",
  name: "ARNOLD, Leah (Mrs)",
  ward: "5A",
  bed: "01",
  entered_by: "Sarah Johnson",
  workstation: "desk 2",
  recorded_at: "2026-04-05T09:00:00Z",
  entered_at: "2026-04-05T09:01:00Z",
  refused_at: "2026-04-05T11:00:00Z",
  reason: "expired-key",
  observations: null,
  can_be_taken: true,
};

describe("a refused entry in words", () => {
  test("every reason is a sentence of its own", () => {
    const words = refusalReasons.map((reason) => reasonWords[reason]);
    expect(new Set(words).size).toBe(refusalReasons.length);
    for (const each of words) expect(each).toMatch(/^[A-Z].*\.$/u);
  });

  test("names whom it is about as far as that is known", () => {
    expect(subjectWords(entry)).toBe("ARNOLD, Leah (Mrs), FCE57, ward 5A, bed 01");
    expect(subjectWords({ ...entry, name: null, ward: null, bed: null })).toBe("Patient number FCE57");
    expect(subjectWords({ ...entry, name: null, patient_id: null })).toBe("Patient number not readable");
  });

  test("shows each figure as it was typed, also one that cannot be, and what is missing in words", () => {
    const lines = figureLines(anyObservationSetSchema.parse({ systolic: 900, pulse: 84, consciousness: "X" }));
    expect(Object.fromEntries(lines.map(({ name, value }) => [name, value]))).toEqual({
      "Respiratory rate": "Not measured",
      "Oxygen saturation": "Not measured",
      Oxygen: "Not recorded",
      "Blood pressure": "900/not measured mmHg",
      Pulse: "84/min",
      Consciousness: "X",
      Temperature: "Not measured",
    });
  });

  test("the top bar is silent while nothing waits", () => {
    expect(waitingWords(0, 0)).toBeNull();
    expect(waitingWords(2, 0)).toBe("Needs attention: 2");
    expect(waitingWords(0, 1)).toBe("Needs attention: 1 on this workstation");
    expect(waitingWords(2, 1)).toBe("Needs attention: 2, and 1 on this workstation");
  });

  test("a set in the chart says who typed it and that it came later", () => {
    expect(recorderWords({ recorded_by: "Sarah Johnson" })).toBe("Sarah Johnson");
    expect(recorderWords({ recorded_by: "Sarah Johnson", origin: "outbox", entered_by: null })).toBe(
      "Sarah Johnson, sent later",
    );
    expect(recorderWords({ recorded_by: "Amir Khan", origin: "outbox", entered_by: "Sarah Johnson" })).toBe(
      "Amir Khan, typed by Sarah Johnson, sent later",
    );
    expect(recorderWords({ recorded_by: null })).toBe("Not recorded");
  });
});

describe("the way to the form and to the list", () => {
  const chart = { area: "patient", patientId: "FCE57" } as const;

  test("a form that was asked for belongs to its tab and to no other", () => {
    expect(tidy({ ...chart, tab: "vitals", form: "observations" })).toMatchObject({ form: "observations" });
    expect(tidy({ ...chart, tab: "records", form: "observations" })).not.toHaveProperty("form");
    expect(tidy({ area: "ward", form: "observations" })).not.toHaveProperty("form");
  });

  test("the list is a place only for who may read vital signs", () => {
    for (const role of ["Doctor", "Nurse", "Auditor"] as const)
      expect(restoredPlace(role, { area: "attention" }).area, role).toBe("attention");
    for (const role of ["Admin", "Billing", "Reception"] as const)
      expect(restoredPlace(role, { area: "attention" }).area, role).not.toBe("attention");
  });

  test("the palette offers both to who has them, and nothing of them to anybody else", () => {
    const nothing = () => undefined;
    const acts = {
      lock: nothing,
      signOut: nothing,
      refresh: nothing,
      toggleAssistant: nothing,
      back: nothing,
      print: nothing,
      showKeys: nothing,
    };
    const recorded: string[] = [];
    const words = (more: object, place: Parameters<typeof standingEntries>[1]) =>
      standingEntries([], place, nothing, { ...acts, ...more } as never);
    const own = words({ recordObservations: (id: string) => recorded.push(id), showAttention: nothing }, chart);
    own.find((each) => each.words === "Record observations for FCE57")?.run();
    expect(recorded).toEqual(["FCE57"]);
    expect(own.map((each) => each.words)).toContain("Needs attention");
    expect(words({ recordObservations: nothing }, { area: "ward" }).map((each) => each.id)).not.toContain(
      "record-observations",
    );
    expect(words({}, chart).map((each) => each.id)).not.toContain("record-observations");
    expect(words({}, chart).map((each) => each.id)).not.toContain("attention");
  });
});
