/** The colours of a plot, read from the tokens of the scheme that is on; a print has its own. */
export interface PlotPalette {
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly paper: string;
  readonly bands: readonly [zero: string, one: string, two: string, three: string];
}

export function screenPalette(): PlotPalette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: token("--plot-line"),
    soft: token("--ink-soft"),
    grid: token("--line"),
    paper: token("--surface"),
    bands: ["transparent", token("--plot-1"), token("--plot-2"), token("--plot-3")],
  };
}

/** Black on white; the bands become greys that a copier keeps apart. */
export const printPalette: PlotPalette = {
  ink: "#000000",
  soft: "#000000",
  grid: "#bbbbbb",
  paper: "#ffffff",
  bands: ["transparent", "#f2f2f2", "#dedede", "#c4c4c4"],
};
