import { createHash } from "node:crypto";

/** One entry of a Bundle after its outer form was checked. */
export interface Entry<Resource = Record<string, unknown>> {
  readonly index: number;
  readonly type: string;
  readonly fullUrl: string | undefined;
  readonly resource: Resource;
  /** What names the resource within its source: its id, else its fullUrl, else its content. */
  readonly local: string;
}

/** A resource without id and fullUrl is known again by its content alone. */
export function localName(resource: Record<string, unknown>, fullUrl: string | undefined): string {
  if (typeof resource["id"] === "string" && resource["id"] !== "") return resource["id"];
  if (fullUrl !== undefined && fullUrl !== "") return fullUrl;
  return `sha256:${createHash("sha256").update(JSON.stringify(resource)).digest("hex")}`;
}
