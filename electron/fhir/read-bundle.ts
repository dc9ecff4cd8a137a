import { z } from "zod";
import { text } from "./elements";
import { type Entry, localName } from "./entry";
import { BundleFault, entryPlace } from "./fault";
import { syntaxFault } from "./json-syntax";
import { olderOrNewer } from "./other-releases";
import { r4ResourceTypes } from "./resource-types";

/** A patient's whole life fits into a tenth of this; more would only hold up the workstation. */
export const maximumBundleBytes = 50 * 1024 * 1024;

const takenBundleTypes = ["transaction", "batch", "collection", "searchset", "document"] as const;

const entrySchema = z.object({
  fullUrl: text.optional(),
  resource: z.looseObject({ resourceType: text }),
  request: z.object({ method: z.enum(["POST", "PUT"], "must be POST or PUT: an import only adds") }).optional(),
});

/** Turns a zod fault into one sentence; the received value is never repeated, it may be a patient's. */
export function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    return issue.message.endsWith("received undefined") ? "is missing" : `must be ${articleOf(issue.expected)}`;
  }
  if (issue.code === "invalid_value")
    return issue.message.startsWith("Invalid") ? `must be one of ${issue.values.join(", ")}` : issue.message;
  return issue.message.startsWith("Invalid") ? "has a form that FHIR R4 does not allow" : issue.message;
}

function articleOf(type: string): string {
  return /^[aeiou]/u.test(type) ? `an ${type}` : `a ${type}`;
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    if (source.trimStart().startsWith("<"))
      throw new BundleFault("line 1, column 1", "this is XML; export the Bundle as JSON");
    throw syntaxFault(source);
  }
}

function textOf(source: string | Uint8Array): string {
  if (source.length > maximumBundleBytes) {
    throw new BundleFault(
      "",
      `the file is larger than ${maximumBundleBytes / 1024 / 1024} MB, the most that one import takes`,
    );
  }
  if (typeof source === "string") return source.startsWith("\uFEFF") ? source.slice(1) : source;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(source);
  } catch {
    throw new BundleFault("", "the file is not UTF-8 text");
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bundleOf(value: unknown): unknown[] {
  if (!isObject(value) || typeof value["resourceType"] !== "string")
    throw new BundleFault("", "this is JSON, but no FHIR Bundle");
  if (value["resourceType"] !== "Bundle") {
    const known = r4ResourceTypes.has(value["resourceType"]);
    throw new BundleFault(
      "",
      known ? `this is a single ${value["resourceType"]}, not a Bundle` : "this is no FHIR Bundle",
    );
  }
  const type = takenBundleTypes.find((candidate) => candidate === value["type"]);
  if (type === undefined) throw new BundleFault("Bundle.type", `must be one of ${takenBundleTypes.join(", ")}`);
  if (!Array.isArray(value["entry"]) || value["entry"].length === 0)
    throw new BundleFault("Bundle.entry", "the Bundle is empty");
  return value["entry"];
}

function entryOf(value: unknown, index: number): Entry {
  const checked = entrySchema.safeParse(value);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw new BundleFault(entryPlace(index, undefined, issue?.path), issue ? problemOf(issue) : "cannot be read");
  }
  const { resource, fullUrl } = checked.data;
  const type = resource.resourceType;
  const release = olderOrNewer(resource);
  if (release !== null) throw new BundleFault(entryPlace(index), release);
  return { index, type, fullUrl, resource, local: localName(resource, fullUrl) };
}

/** Two resources of one name would leave it to chance which of them is kept. */
function refuseDoubles(entries: readonly Entry[]): void {
  const seen = new Map<string, number>();
  for (const entry of entries) {
    for (const name of [`${entry.type}/${entry.local}`, ...(entry.fullUrl ? [entry.fullUrl] : [])]) {
      const first = seen.get(name);
      if (first !== undefined && first !== entry.index) {
        throw new BundleFault(entryPlace(entry.index, entry.type), `bears the same id as entry ${first}`);
      }
      seen.set(name, entry.index);
    }
  }
}

/** Reads the text of one file as the entries of an R4 Bundle, or throws a `BundleFault` with the place. */
export function readBundle(source: string | Uint8Array): Entry[] {
  const whole = textOf(source);
  if (whole.trim() === "") throw new BundleFault("", "the file is empty");
  const entries = bundleOf(parsed(whole)).map(entryOf);
  refuseDoubles(entries);
  const patients = entries.filter((entry) => entry.type === "Patient");
  if (patients.length === 0) throw new BundleFault("", "the Bundle holds no Patient");
  const second = patients[1];
  if (second)
    throw new BundleFault(
      entryPlace(second.index, "Patient"),
      "the Bundle holds more than one Patient; one file is one patient",
    );
  return entries;
}
