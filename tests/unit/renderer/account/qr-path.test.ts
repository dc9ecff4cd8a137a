import { create } from "qrcode";
import { expect, test } from "vitest";
import { qrPath } from "../../../../renderer/account/qr-path";

const uri = "otpauth://totp/Lamplight:demo_nurse?secret=JBSWY3DPEHPK3PXP&issuer=Lamplight&period=30&digits=6";

/** What an SVG renderer would fill, read back from the path alone. */
function filled(path: string, size: number): boolean[][] {
  const rows = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const run = /M(\d+) (\d+)h(\d+)v1h-(\d+)z/gu;
  let read = 0;
  for (const [all, x, y, right, left] of path.matchAll(run)) {
    read += all.length;
    expect(right).toBe(left);
    for (let at = 0; at < Number(right); at += 1) (rows[Number(y)] as boolean[])[Number(x) + at] = true;
  }
  // Nothing else stands in the path: what is not understood here would be drawn unseen.
  expect(read).toBe(path.length);
  return rows;
}

test("the path fills exactly the dark modules, the last column included", () => {
  const { modules } = create(uri, { errorCorrectionLevel: "M" });
  const { size, path } = qrPath(uri);
  expect(size).toBe(modules.size);
  const drawn = filled(path, size);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      expect([row, column, drawn[row]?.[column]]).toEqual([row, column, modules.get(row, column) === 1]);
  // The finder pattern of the upper right corner: the seven modules of its first row are dark up to the edge.
  expect(drawn[0]?.slice(size - 7)).toEqual(Array(7).fill(true));
  expect(drawn[0]?.[size - 8]).toBe(false);
});

test("another secret is another drawing", () => {
  expect(qrPath(uri.replace("JBSW", "JBSX")).path).not.toBe(qrPath(uri).path);
});
