import { expect, test } from "vitest";
import { chartLinkOf, placeOf, withChat } from "../../../../renderer/assistant/chart-link";

const item = "11111111-1111-4111-8111-111111111111";
const chatId = "00000000-0000-4000-8000-000000000001";

test("a link into the chart names patient, tab and item", () => {
  expect(chartLinkOf(`chart:FCE57/records/${item}`)).toEqual({ patientId: "FCE57", tab: "records", itemId: item });
  expect(chartLinkOf("chart:FCE57")).toEqual({ patientId: "FCE57", tab: "overview", itemId: undefined });
});

test("every other address is no link", () => {
  for (const address of [
    "https://example.org",
    "javascript:alert(1)",
    "chart:FCE57/secrets",
    "chart:FCE57/records/../..",
    "CHART:FCE57",
    "#",
    "",
  ])
    expect(chartLinkOf(address)).toBeNull();
  expect(chartLinkOf(undefined)).toBeNull();
});

test("a followed link leads to the chart item with the chat beside it", () => {
  expect(placeOf({ patientId: "FCE57", tab: "vitals", itemId: item }, { area: "assistant", chatId })).toEqual({
    area: "patient",
    patientId: "FCE57",
    tab: "vitals",
    itemId: item,
    chatId,
    dockOpen: true,
  });
});

test("leaving a chat says so, for an absent one would mean the one before", () => {
  expect(withChat({ area: "assistant", chatId }, undefined)).toHaveProperty("chatId", undefined);
});
