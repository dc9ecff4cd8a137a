import type { Identifier, Reference } from "./elements";
import type { Entry } from "./entry";

/** Finds what a reference of this Bundle points at. */
export interface References {
  find(reference: Reference | undefined): Entry | undefined;
}

/**
 * References by `urn:uuid:` and other fullUrls, by `Type/id` (also with a version or behind a server's address), by the
 * conditional form `Patient?identifier=system|value`, and by the identifier alone; the last two only where it is one of the patient's.
 */
export function referencesOf(entries: readonly Entry[], patientIdentifiers: readonly Identifier[]): References {
  const byName = new Map<string, Entry>();
  for (const entry of entries) {
    if (typeof entry.resource["id"] === "string") byName.set(`${entry.type}/${entry.resource["id"]}`, entry);
    if (entry.fullUrl !== undefined) byName.set(entry.fullUrl, entry);
  }
  const patient = entries.find((entry) => entry.type === "Patient");
  const isPatients = (system: string | undefined, value: string | undefined) =>
    value !== undefined && patientIdentifiers.some((own) => own.value === value && own.system === system);

  function byText(text: string): Entry | undefined {
    const unversioned = text.replace(/\/_history\/[^/]+$/u, "");
    const exact = byName.get(text) ?? byName.get(unversioned);
    if (exact) return exact;
    const conditional = /^Patient\?identifier=(?:([^|]*)\|)?(.+)$/u.exec(text);
    if (conditional) return isPatients(conditional[1], conditional[2]) ? patient : undefined;
    const relative = /^https?:\/\/.*\/([A-Za-z]+\/[^/]+)$/u.exec(unversioned);
    const found = relative?.[1] === undefined ? undefined : byName.get(relative[1]);
    // An absolute address names a resource of this Bundle only when the Bundle does not say that it came from elsewhere.
    return found?.fullUrl === undefined || found.fullUrl.startsWith("urn:") ? found : undefined;
  }

  return {
    find(reference) {
      if (reference?.reference !== undefined) return byText(reference.reference);
      const { system, value } = reference?.identifier ?? {};
      return isPatients(system, value) ? patient : undefined;
    },
  };
}
