import { describe, expect, test } from "vitest";
import { areasFor, homeOf, restoredPlace } from "../../../renderer/app/areas";
import { type Navigation, navigate, startAt, tidy } from "../../../renderer/app/place";
import type { Place } from "../../../shared/session/session-state";

const chatId = "00000000-0000-4000-8000-000000000001";
const itemId = "00000000-0000-4000-8000-000000000002";
const chart: Place = { area: "patient", patientId: "FCE57", tab: "vitals" };
const go = (from: Navigation, place: Place) => navigate(from, { type: "go", place });

describe("a place", () => {
  test("keeps only what belongs to its area", () => {
    expect(tidy({ area: "ward", patientId: "FCE57", tab: "vitals", itemId })).toEqual({ area: "ward" });
    expect(tidy({ area: "patient", patientId: "FCE57" })).toEqual({
      area: "patient",
      patientId: "FCE57",
      tab: "overview",
    });
  });

  test("without a patient is no chart", () => {
    expect(tidy({ area: "patient" })).toEqual({ area: "patients" });
  });

  test("never shows the assistant as a page and as a dock", () => {
    expect(tidy({ area: "assistant", dockOpen: true })).toEqual({ area: "assistant" });
  });
});

describe("going about", () => {
  test("the dock and its chat stay when another patient is opened", () => {
    const from = startAt({ ...chart, dockOpen: true, chatId });
    expect(go(from, { area: "patient", patientId: "6VCB8", tab: "records" }).place).toEqual({
      area: "patient",
      patientId: "6VCB8",
      tab: "records",
      dockOpen: true,
      chatId,
    });
  });

  test("a link followed from the assistant's page keeps the answer beside the chart", () => {
    const from = startAt({ area: "assistant", chatId });
    expect(go(from, { ...chart, itemId }).place).toEqual({ ...chart, itemId, dockOpen: true, chatId });
  });

  test("an item is marked only where the link led, not on the next tab", () => {
    const there = go(startAt({ area: "ward" }), { ...chart, itemId });
    expect(go(there, { area: "patient", patientId: "FCE57", tab: "records" }).place).not.toHaveProperty("itemId");
  });

  test("back returns through the places one by one and stops at the first", () => {
    const there = go(go(startAt({ area: "ward" }), chart), { ...chart, tab: "records" });
    const once = navigate(there, { type: "back" });
    expect(once.place).toEqual(chart);
    const home = navigate(navigate(once, { type: "back" }), { type: "back" });
    expect(home.place).toEqual({ area: "ward" });
  });

  test("going where one already is leaves no trace to go back through", () => {
    const there = startAt(chart);
    expect(go(there, chart)).toBe(there);
  });

  test("Ctrl+J opens and closes the dock, and from the assistant's page leads back to the chart", () => {
    const opened = navigate(startAt(chart), { type: "toggle-assistant" });
    expect(opened.place.dockOpen).toBe(true);
    expect(navigate(opened, { type: "toggle-assistant" }).place).toEqual(chart);
    const page = go(opened, { area: "assistant", chatId });
    expect(navigate(page, { type: "toggle-assistant" }).place).toEqual({ ...chart, chatId, dockOpen: true });
  });
});

describe("the areas of a role", () => {
  const words = (role: Parameters<typeof areasFor>[0]) => areasFor(role).map(({ word }) => word);
  test("are those that the table of permissions grants", () => {
    expect(words("Nurse")).toEqual(["Ward", "Patients", "Assistant", "Shifts", "Audit", "Settings"]);
    expect(words("Billing")).toEqual(["Patients", "Assistant", "Shifts", "Audit", "Settings"]);
    expect(words("Auditor")).toEqual(["Ward", "Patients", "Assistant", "Shifts", "Audit", "Compliance", "Settings"]);
    expect(words("Admin")).toEqual([
      "Ward",
      "Patients",
      "Assistant",
      "Shifts",
      "Audit",
      "Compliance",
      "Administration",
      "Settings",
    ]);
  });

  test("decide where a person starts and what an unlock restores", () => {
    expect(homeOf("Billing")).toEqual({ area: "patients" });
    expect(restoredPlace("Nurse", chart)).toEqual(chart);
    expect(restoredPlace("Nurse", { area: "administration" })).toEqual({ area: "ward" });
    expect(restoredPlace("Nurse", null)).toEqual({ area: "ward" });
  });
});
