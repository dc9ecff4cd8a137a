import { useEffect, useState } from "react";
import { type PlotPalette, printPalette, screenPalette } from "./plot-palette";

/** The palette of the scheme that is on; black on white while the page is being printed. */
export function usePalette(): PlotPalette {
  const [palette, setPalette] = useState<PlotPalette>(screenPalette);
  useEffect(() => {
    const toScreen = () => setPalette(screenPalette());
    const toPrint = () => setPalette(printPalette);
    const watcher = new MutationObserver(toScreen);
    watcher.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-appearance", "data-text-size"],
    });
    window.addEventListener("beforeprint", toPrint);
    window.addEventListener("afterprint", toScreen);
    return () => {
      watcher.disconnect();
      window.removeEventListener("beforeprint", toPrint);
      window.removeEventListener("afterprint", toScreen);
    };
  }, []);
  return palette;
}
