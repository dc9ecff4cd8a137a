import type { Place } from "../../shared/session/session-state";

/** Where the person is and how they came there. Lives in memory: a place is never in a URL. */
export interface Navigation {
  readonly place: Place;
  readonly earlier: readonly Place[];
}

export type Move =
  | { readonly type: "go"; readonly place: Place }
  | { readonly type: "back" }
  /** Ctrl+J: opens or closes the assistant beside the chart; on the assistant's own page it goes back to the chart. */
  | { readonly type: "toggle-assistant" };

const remembered = 30;

/** A place with only what belongs to its area; the assistant is never both a page and a dock. */
export function tidy(place: Place): Place {
  const { area, patientId, tab, itemId, form, chatId, view, dockOpen } = place;
  const inChart = area === "patient" && patientId !== undefined;
  return {
    area: area === "patient" && patientId === undefined ? "patients" : area,
    ...(inChart ? { patientId, tab: tab ?? "overview" } : {}),
    ...((area === "administration" || area === "compliance" || area === "audit") && tab !== undefined ? { tab } : {}),
    ...(inChart && itemId !== undefined ? { itemId } : {}),
    ...(inChart && tab === "vitals" && form !== undefined ? { form } : {}),
    ...(area === "audit" && view !== undefined ? { view } : {}),
    ...(chatId !== undefined ? { chatId } : {}),
    ...(dockOpen === true && area !== "assistant" ? { dockOpen } : {}),
  };
}

export function startAt(place: Place): Navigation {
  return { place: tidy(place), earlier: [] };
}

/** Where one move leads. Pure. */
export function navigate(from: Navigation, move: Move): Navigation {
  switch (move.type) {
    case "go":
      return enter(from, arrive(from.place, move.place));
    case "back": {
      const place = from.earlier.at(-1);
      if (place === undefined) return from;
      // What was open beside stays as it is now: going back is about the middle of the screen.
      return { place: tidy({ ...place, ...beside(from.place) }), earlier: from.earlier.slice(0, -1) };
    }
    case "toggle-assistant": {
      if (from.place.area === "assistant") {
        const back = from.earlier.findLast((place) => place.area !== "assistant") ?? { area: "ward" as const };
        return enter(from, tidy({ ...back, ...chat(from.place), dockOpen: true }));
      }
      return { ...from, place: tidy({ ...from.place, dockOpen: from.place.dockOpen !== true }) };
    }
  }
}

/** Fills in what the caller left open: the chat stays the same, the dock stays as it is. */
function arrive(from: Place, to: Place): Place {
  // A link followed from the assistant's page: the answer stays in sight beside what it speaks of.
  const fromAnswer = from.area === "assistant" && to.area === "patient" && to.dockOpen === undefined;
  return tidy({ ...beside(from), ...(fromAnswer ? { dockOpen: true } : {}), ...to });
}

function chat(place: Place): Pick<Place, "chatId"> {
  return place.chatId === undefined ? {} : { chatId: place.chatId };
}

function beside(place: Place): Pick<Place, "chatId" | "dockOpen"> {
  return { ...chat(place), ...(place.dockOpen === undefined ? {} : { dockOpen: place.dockOpen }) };
}

function enter(from: Navigation, place: Place): Navigation {
  if (samePlace(from.place, place)) return from;
  const moved =
    from.place.area !== place.area || from.place.patientId !== place.patientId || from.place.tab !== place.tab;
  return { place, earlier: moved ? [...from.earlier, from.place].slice(-remembered) : from.earlier };
}

const parts = ["area", "patientId", "tab", "itemId", "form", "chatId", "view", "dockOpen"] as const;

export function samePlace(one: Place, other: Place): boolean {
  return parts.every((part) => one[part] === other[part]);
}
