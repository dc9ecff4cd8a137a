import { createHash } from "node:crypto";
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";

/** @typedef {import("./parts.mjs").Part} Part */

const types = {
  library: Enums.ComponentType.Library,
  framework: Enums.ComponentType.Framework,
  application: Enums.ComponentType.Application,
};

/** @param {string} licence */
function licenceOf(licence) {
  // The licence names of PostgreSQL's own parts that SPDX lists, and everything that npm packages say, are identifiers.
  if (/^LicenseRef-/.test(licence))
    return new Models.NamedLicense(licence.replace("LicenseRef-", "").replaceAll("-", " "));
  if (/[ ()]/.test(licence)) return new Models.LicenseExpression(licence);
  return new Models.SpdxLicense(licence);
}

/** @param {Part} part */
function componentOf(part) {
  const component = new Models.Component(types[part.type], part.name, {
    version: part.version,
    bomRef: part.purl ?? `${part.name}@${part.version}`,
    externalReferences: new Models.ExternalReferenceRepository([
      new Models.ExternalReference(part.url, Enums.ExternalReferenceType.Website),
    ]),
  });
  component.licenses.add(licenceOf(part.licence));
  if (part.purl) component.purl = /** @type {any} */ (part.purl);
  if (part.sha512) component.hashes.set(Enums.HashAlgorithm["SHA-512"], part.sha512);
  return component;
}

/**
 * The bill of materials as CycloneDX 1.6 JSON. The same parts give the same text: no time, and a serial number from the content.
 * @param {string} product @param {string} version @param {readonly Part[]} parts
 */
export function billOfMaterials(product, version, parts) {
  const root = new Models.Component(Enums.ComponentType.Application, product, {
    version,
    bomRef: `${product}@${version}`,
  });
  root.licenses.add(new Models.SpdxLicense("Apache-2.0"));
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: root }) });
  for (const part of parts) {
    const component = componentOf(part);
    bom.components.add(component);
    root.dependencies.add(component.bomRef);
  }
  const digest = createHash("sha256")
    .update(JSON.stringify([product, version, parts.map((part) => [part.name, part.version, part.sha512 ?? ""])]))
    .digest("hex");
  // The form of a UUID, version 8: made from a digest.
  const words = [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, `a${digest.slice(17, 20)}`];
  bom.serialNumber = `urn:uuid:${words.join("-")}-${digest.slice(20, 32)}`;
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}
