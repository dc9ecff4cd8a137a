import { type RefObject, useEffect, useRef } from "react";

/** For an item that a link led to: brings it into sight once it is there. */
export function useHighlight<Element extends HTMLElement>(isHighlighted: boolean): RefObject<Element | null> {
  const item = useRef<Element>(null);
  useEffect(() => {
    if (isHighlighted) item.current?.scrollIntoView({ block: "center" });
  }, [isHighlighted]);
  return item;
}
