import { expect, test } from "vitest";
import { find } from "../../installed/screen";
import { darkOnLight, enlarge, readGreymap, writeGreymap } from "../../installed/screen-pixels";
import { readWords } from "../../installed/screen-words";

const head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext";
const word = (line: number, left: number, text: string) => `5\t1\t1\t1\t${line}\t1\t${left}\t100\t60\t20\t90\t${text}`;

test("words are found where they stand one after another in a line", () => {
  const words = readWords(
    [head, "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t", word(1, 20, "Load"), word(2, 20, "Load"), word(2, 100, "demo,")].join(
      "\n",
    ),
    2,
  );
  expect(words).toHaveLength(3);
  expect(find(words, "load demo")).toEqual({ x: 45, y: 55 });
  expect(find(words, "demo load")).toBeNull();
});

test("a table of another form is refused", () => {
  expect(() => readWords("a\tb\n", 2)).toThrow("no column");
  expect(() => readGreymap(Buffer.from("P6 1 1 255\nabc"))).toThrow("greymap");
});

test("light words on a dark button become dark words on light; the rest of the page stays", () => {
  const [width, height] = [80, 120];
  const pixels = new Uint8Array(width * height).fill(250);
  for (let y = 50; y < 70; y += 1) pixels.fill(40, y * width + 20, y * width + 60);
  const letter = 60 * width + 40;
  const ink = 5 * width + 5;
  pixels[letter] = 255;
  pixels[ink] = 0;
  const turned = darkOnLight(readGreymap(writeGreymap({ width, height, pixels })));
  expect(turned.pixels[letter]).toBe(0);
  expect(turned.pixels[letter + 3]).toBe(255);
  expect(turned.pixels[ink]).toBe(0);
  expect(turned.pixels[0]).toBe(250);
  expect(enlarge(turned, 2)).toMatchObject({ width: 160, height: 240 });
});
