/** A word that stands on the screen, in pixels of the screen. */
export interface Word {
  readonly text: string;
  /** The same for all words of a line. */
  readonly line: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Reads the table that tesseract writes; `scale` is how much larger its picture was than the screen. */
export function readWords(table: string, scale: number): Word[] {
  const [head, ...rows] = table.split("\n");
  const names = (head ?? "").split("\t");
  const column = (name: string) => {
    const at = names.indexOf(name);
    if (at < 0) throw new Error(`tesseract's table has no column "${name}".`);
    return at;
  };
  const [level, text] = [column("level"), column("text")];
  const line = ["page_num", "block_num", "par_num", "line_num"].map(column);
  const [left, top, width, height] = ["left", "top", "width", "height"].map(column) as [number, number, number, number];
  const words: Word[] = [];
  for (const row of rows) {
    const cells = row.split("\t");
    // Level 5 is a word; the levels above it are the page, its blocks, paragraphs and lines.
    if (cells[level] !== "5" || (cells[text] ?? "").trim() === "") continue;
    const pixels = (at: number) => Math.round(Number(cells[at]) / scale);
    words.push({
      text: (cells[text] as string).trim(),
      line: line.map((at) => cells[at]).join("."),
      left: pixels(left),
      top: pixels(top),
      width: pixels(width),
      height: pixels(height),
    });
  }
  return words;
}
