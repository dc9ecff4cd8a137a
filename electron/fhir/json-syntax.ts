import { BundleFault } from "./fault";

/**
 * Finds where a text stops being JSON. `JSON.parse` says so differently in every version of V8 and gives no place at all
 * for a file that was cut off, so this walks the text once more, only after `JSON.parse` has refused it.
 */
export function syntaxFault(text: string): BundleFault {
  const walk = new SyntaxWalk(text);
  const problem = walk.firstProblem() ?? "is not valid JSON";
  return new BundleFault(lineAndColumn(text, walk.position), problem);
}

/** `line 12, column 5`, both counted from 1; a column counts UTF-16 units as editors do. */
export function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  return `line ${line}, column ${position - before.lastIndexOf("\n")}`;
}

const CUT_OFF = "the file ends in the middle of its data; it was probably cut off while it was copied";
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
const word = /true|false|null/uy;
/** What a cut leaves of a number or a word at the very end of the file. */
const halfNumber = /(?:\.|[eE][+-]?)$/uy;
const halfWord = /(?:-|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/uy;
/** All that may stand in a text unescaped: everything from the space on but the quote and the backslash. */
const plain = /[ !#-[\]-\u{10ffff}]*/uy;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/uy;

type Expected = "value" | "key" | "colon" | "after";

class SyntaxWalk {
  position = 0;
  readonly #text: string;
  /** Open containers, innermost last. A stack of our own: a hostile file may be nested deeper than the call stack. */
  readonly #open: ("{" | "[")[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  firstProblem(): string | null {
    let expected: Expected = "value";
    let mayClose = false;
    for (;;) {
      this.#skipSpace();
      const here = this.#text[this.position];
      if (here === undefined) return expected === "after" && this.#open.length === 0 ? null : CUT_OFF;
      const inside = this.#open.at(-1);
      if (expected === "after") {
        if (inside === undefined)
          return "there is more text after the end of the JSON value; one file holds one Bundle";
        if (here === ",") {
          this.position += 1;
          expected = inside === "{" ? "key" : "value";
          mayClose = false;
        } else if (here === (inside === "{" ? "}" : "]")) this.#close();
        else return `a comma or ${inside === "{" ? "}" : "]"} is expected here`;
      } else if (expected === "colon") {
        if (here !== ":") return "a colon is expected here";
        this.position += 1;
        expected = "value";
        mayClose = false;
      } else if (mayClose && inside !== undefined && here === (inside === "{" ? "}" : "]")) {
        this.#close();
        expected = "after";
      } else if (expected === "key") {
        if (here !== '"') return "a name in double quotes is expected here";
        const problem = this.#string();
        if (problem !== null) return problem;
        expected = "colon";
      } else if (here === "{" || here === "[") {
        this.position += 1;
        this.#open.push(here);
        expected = here === "{" ? "key" : "value";
        mayClose = true;
      } else {
        const problem = this.#scalar(here);
        if (problem !== null) return problem;
        expected = "after";
      }
    }
  }

  #close(): void {
    this.position += 1;
    this.#open.pop();
  }

  #skipSpace(): void {
    while (" \t\n\r".includes(this.#text[this.position] ?? "x")) this.position += 1;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.#text);
    if (match === null) return false;
    this.position += match[0].length;
    return true;
  }

  #scalar(here: string): string | null {
    if (here === '"') return this.#string();
    const taken = /[-\d]/u.test(here) ? this.#take(number) : this.#take(word);
    if (taken && !this.#take(halfNumber)) return null;
    if (!taken && !this.#take(halfWord)) return "a value is expected here";
    return CUT_OFF;
  }

  #string(): string | null {
    this.position += 1;
    for (;;) {
      this.#take(plain);
      const here = this.#text[this.position];
      if (here === undefined) return CUT_OFF;
      if (here === '"') {
        this.position += 1;
        return null;
      }
      if (here === "\\") {
        if (this.#take(escaped)) continue;
        const left = this.#text.length - this.position;
        if (left < 6 && /^\\(?:u[0-9a-fA-F]*)?$/u.test(this.#text.slice(this.position))) {
          this.position = this.#text.length;
          return CUT_OFF;
        }
        return "this is not an escape that JSON knows";
      }
      return "a line break or control character stands inside a text";
    }
  }
}
