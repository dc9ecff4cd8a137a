/** The whole text as JSON. Throws a `SyntaxError`, also where one object has a name twice: one of the values would not count. */
export function parseManagedJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const open: (Set<string> | undefined)[] = [];
  for (const [token, colon] of named(text)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (colon) {
      const name = JSON.parse(token) as string;
      const names = open.at(-1);
      if (names?.has(name)) throw new RepeatedName(name);
      names?.add(name);
    }
  }
  return value;
}

export class RepeatedName extends SyntaxError {
  constructor(readonly repeated: string) {
    super("An object has a name twice.");
  }
}

/** Brackets and texts of a valid JSON text; `colon` marks a text that is a name. */
function* named(text: string): Generator<[token: string, colon: boolean]> {
  for (const match of text.matchAll(/([{}[\]])|("(?:[^"\\]|\\.)*")(\s*:)?/gu))
    yield [match[1] ?? match[2] ?? "", match[3] !== undefined];
}
