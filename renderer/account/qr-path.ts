import { create } from "qrcode";

/** A QR code as one SVG path in units of its modules. */
export interface QrDrawing {
  /** Modules along one side, the quiet zone not counted. */
  readonly size: number;
  readonly path: string;
}

/** Modules of white that ISO/IEC 18004 wants around the code, or a camera may not find it. */
export const QUIET_ZONE = 4;

/** Draws a text as a QR code: one rectangle for each run of dark modules in a row. Throws where the text is too long for one. */
export function qrPath(text: string): QrDrawing {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const runs: string[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    let start: number | null = null;
    for (let column = 0; column <= modules.size; column += 1) {
      const dark = column < modules.size && modules.get(row, column) === 1;
      if (dark) start ??= column;
      else if (start !== null) {
        runs.push(`M${start} ${row}h${column - start}v1h${start - column}z`);
        start = null;
      }
    }
  }
  return { size: modules.size, path: runs.join("") };
}
