/** A picture in shades of grey, one byte a pixel, 0 is black. */
export interface Greys {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Reads a binary portable greymap of 8 bits. */
export function readGreymap(file: Buffer): Greys {
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/u.exec(file.subarray(0, 64).toString("latin1"));
  if (!head) throw new Error("This is not a binary greymap of 8 bits.");
  const [width, height] = [Number(head[1]), Number(head[2])];
  return { width, height, pixels: file.subarray(head[0].length, head[0].length + width * height) };
}

export function writeGreymap({ width, height, pixels }: Greys): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
}

const dark = 128;

/** Where a dark area begins and ends in each of its rows: it may lean, and its corners may be round. */
interface Area {
  readonly top: number;
  readonly rows: readonly { readonly left: number; readonly right: number }[];
}

/** Turns every dark button and bar, with the light words on it, into dark words on light: a reader overlooks them otherwise. */
export function darkOnLight(greys: Greys): Greys {
  const { width, height } = greys;
  const turned = Uint8Array.from(greys.pixels);
  for (const { top, rows } of darkAreas(greys))
    for (const [row, { left, right }] of rows.entries())
      for (let x = left; x <= right; x += 1) {
        const at = (top + row) * width + x;
        const grey = greys.pixels[at] as number;
        // Its edge is blurred against the light page and holds no word.
        const edge = Math.min(x - left, right - x) < 3;
        turned[at] = edge || grey < dark ? 255 : 255 - grey;
      }
  return { width, height, pixels: turned };
}

/** Dark pixels that hang together, where they are larger than a letter and more dark than light. */
function darkAreas({ width, height, pixels }: Greys): Area[] {
  const seen = new Uint8Array(pixels.length);
  const areas: Area[] = [];
  for (let start = 0; start < pixels.length; start += 1) {
    if (seen[start] || (pixels[start] as number) >= dark) continue;
    const extents = new Map<number, { left: number; right: number }>();
    let count = 0;
    const open = [start];
    seen[start] = 1;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [x, y] = [at % width, Math.floor(at / width)];
      count += 1;
      const { left, right } = extents.get(y) ?? { left: x, right: x };
      extents.set(y, { left: Math.min(left, x), right: Math.max(right, x) });
      for (const next of [x > 0 ? at - 1 : at, x < width - 1 ? at + 1 : at, at - width, at + width]) {
        if (next < 0 || next >= pixels.length || seen[next] || (pixels[next] as number) >= dark) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
    const ys = [...extents.keys()].sort((a, b) => a - b);
    const rows = ys.map((y) => extents.get(y) as { left: number; right: number });
    const covered = rows.reduce((sum, { left, right }) => sum + right - left + 1, 0);
    const widest = Math.max(...rows.map(({ left, right }) => right - left + 1));
    if (widest >= 30 && rows.length >= 16 && rows.length <= height / 4 && count * 2 > covered)
      areas.push({ top: ys[0] as number, rows });
  }
  return areas;
}

/** The picture `scale` times the size, its greys blended from pixel to pixel. */
export function enlarge({ width, height, pixels }: Greys, scale: number): Greys {
  const [wide, high] = [width * scale, height * scale];
  const larger = new Uint8Array(wide * high);
  for (let y = 0; y < high; y += 1) {
    const sourceY = Math.min(height - 1, Math.max(0, (y + 0.5) / scale - 0.5));
    const top = Math.floor(sourceY) * width;
    const bottom = Math.min(height - 1, Math.floor(sourceY) + 1) * width;
    const partY = sourceY % 1;
    for (let x = 0; x < wide; x += 1) {
      const sourceX = Math.min(width - 1, Math.max(0, (x + 0.5) / scale - 0.5));
      const left = Math.floor(sourceX);
      const right = Math.min(width - 1, left + 1);
      const partX = sourceX % 1;
      const upper = (pixels[top + left] as number) * (1 - partX) + (pixels[top + right] as number) * partX;
      const lower = (pixels[bottom + left] as number) * (1 - partX) + (pixels[bottom + right] as number) * partX;
      larger[y * wide + x] = upper * (1 - partY) + lower * partY;
    }
  }
  return { width: wide, height: high, pixels: larger };
}
