import { chartLinkPattern } from "../../shared/assistant/turn";
import type { Place } from "../../shared/session/session-state";

export interface ChartLink {
  readonly patientId: string;
  readonly tab: string;
  readonly itemId: string | undefined;
}

/** What an answer's link points to in the chart; null for every other address, which is then no link at all. */
export function chartLinkOf(address: string | undefined): ChartLink | null {
  const match = chartLinkPattern.exec(address ?? "");
  return match?.[1] ? { patientId: match[1], tab: match[2] ?? "overview", itemId: match[3] } : null;
}

/** The chart item as a place, with the chat beside it: an answer and what it speaks of are seen together. */
export function placeOf(link: ChartLink, from: Place): Place {
  return {
    area: "patient",
    patientId: link.patientId,
    tab: link.tab,
    ...(link.itemId === undefined ? {} : { itemId: link.itemId }),
    ...(from.chatId === undefined ? {} : { chatId: from.chatId }),
    dockOpen: true,
  };
}

/** The same place with another chat, or with none: an absent chat would mean the one before. */
export function withChat(place: Place, chatId: string | undefined): Place {
  return { ...place, chatId };
}
