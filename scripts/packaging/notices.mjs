/** @typedef {import("./parts.mjs").Part} Part */

const line = "=".repeat(100);

/**
 * The licences of all parts, as one text. The same long text of many parts stands once.
 * @param {string} product @param {readonly Part[]} parts
 */
export function noticesText(product, parts) {
  /** @type {Map<string, Part[]>} */
  const byText = new Map();
  for (const part of parts) byText.set(part.text, [...(byText.get(part.text) ?? []), part]);
  const list = parts.map((part) => `  ${part.name} ${part.version}: ${part.licence}`);
  const blocks = [...byText].map(([text, those]) => {
    const names = those.map((part) => `${part.name} ${part.version} (${part.licence})\n${part.url}`);
    return `${line}\n${names.join("\n")}\n\n${text}\n`;
  });
  return [
    `Notices of the software in ${product}`,
    "",
    `${product} is under the Apache License 2.0 (LICENSE.txt). It contains the ${parts.length} parts below, each under its own licence.`,
    "",
    ...list,
    "",
    ...blocks,
  ].join("\n");
}
