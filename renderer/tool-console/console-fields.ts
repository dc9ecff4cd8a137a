/** One input of a tool as the console shows it, made from the tool's JSON schema. */
export interface ConsoleField {
  readonly name: string;
  readonly kind: "text" | "number" | "boolean" | "choice" | "day" | "json";
  readonly required: boolean;
  readonly description: string;
  /** For a choice. */
  readonly options: readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function words(schema: Schema): string {
  const parts = [
    typeof schema.description === "string" ? schema.description : "",
    typeof schema.minimum === "number" && typeof schema.maximum === "number" && schema.maximum < Number.MAX_SAFE_INTEGER
      ? `${schema.minimum} to ${schema.maximum}`
      : "",
    schema.default === undefined ? "" : `default ${JSON.stringify(schema.default)}`,
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function kindOf(schema: Schema): ConsoleField["kind"] {
  if (Array.isArray(schema.enum)) return "choice";
  // A text that may be written in several ways, such as a day or a moment.
  const forms = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : [];
  if (forms.length > 0 && forms.every((form) => form.type === "string")) return "text";
  switch (schema.type) {
    case "string":
      return schema.format === "date" ? "day" : "text";
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "boolean";
    default:
      return "json";
  }
}

/** The fields of a tool's form. A schema of a shape that is not known becomes fields of plain JSON, never nothing. */
export function consoleFields(inputSchema: unknown): readonly ConsoleField[] {
  if (!isSchema(inputSchema) || !isSchema(inputSchema.properties)) return [];
  const required = Array.isArray(inputSchema.required) ? inputSchema.required : [];
  return Object.entries(inputSchema.properties).map(([name, property]) => {
    const schema = isSchema(property) ? property : {};
    const kind = kindOf(schema);
    const listed = kind === "choice" && Array.isArray(schema.enum) ? schema.enum.map(String) : [];
    return {
      name,
      kind,
      // What has a default may be left out, whatever the schema's list says.
      required: required.includes(name) && schema.default === undefined,
      description: words(schema),
      options: kind === "boolean" ? ["true", "false"] : listed,
    };
  });
}

/**
 * The arguments that are sent: what was left empty is left out, and what cannot be read as its kind goes as it was
 * typed, because the console shows the server's own answer to a bad request.
 */
export function consoleArguments(
  fields: readonly ConsoleField[],
  typed: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const field of fields) {
    const text = (typed[field.name] ?? "").trim();
    if (text !== "") given[field.name] = readAs(field.kind, text);
  }
  return given;
}

function readAs(kind: ConsoleField["kind"], text: string): unknown {
  switch (kind) {
    case "number":
      return Number.isNaN(Number(text)) ? text : Number(text);
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "json":
      return parsed(text);
    default:
      return text;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What came of a call, in one line, read from the JSON-RPC answer. */
export function responseWords(response: unknown): string {
  if (!isSchema(response)) return "No answer";
  if (isSchema(response.error)) {
    const { message } = response.error;
    return `Refused by the protocol: ${typeof message === "string" ? message : "no reason given"}`;
  }
  const result = response.result;
  if (!isSchema(result)) return "No result";
  if (result.isError !== true) return "Answered";
  return `Refused: ${codeIn(result) ?? "see the response"}`;
}

/** The failure's code, wherever the server put it: in the structured content or in the text of the first part. */
function codeIn(result: Schema): string | null {
  const content = isSchema(result.structuredContent) ? result.structuredContent : null;
  const failure = content && isSchema(content.failure) ? content.failure : content;
  if (typeof failure?.code === "string") return failure.code;
  const first = Array.isArray(result.content) ? result.content[0] : null;
  const text = isSchema(first) && typeof first.text === "string" ? first.text : "";
  return /\b[A-Z]{3,}(?:_[A-Z]+)+\b/u.exec(text)?.[0] ?? null;
}
