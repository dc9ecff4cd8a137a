/** A day with its time, or a figure with its unit: what must not be torn apart at the end of a line. */
const whole =
  /\b\d{2}-[A-Z][a-z]{2}-\d{4}(?: \d{2}:\d{2})?\b|\b\d+(?:[.,]\d+)?[ \u00a0](?:mg|micrograms?|g|kg|mL|ml|L|units?|mmol|mmHg|cm|min|h|tablets?|capsules?|puffs?|drops?|%|°C)(?:\/(?:mL|ml|L|kg|min|h|day|dose))?(?![A-Za-z])/gu;

interface TreeNode {
  readonly type: string;
  readonly value?: string;
  readonly tagName?: string;
  children?: TreeNode[];
}

/** A text in parts: plain ones, and those that stay on one line. */
export function unbrokenParts(text: string): readonly { readonly text: string; readonly keep: boolean }[] {
  const parts: { text: string; keep: boolean }[] = [];
  let from = 0;
  for (const match of text.matchAll(whole)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), keep: false });
    parts.push({ text: match[0], keep: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), keep: false });
  return parts;
}

function keepTogether(node: TreeNode): void {
  if (!node.children || node.tagName === "code") return;
  node.children = node.children.flatMap((child): TreeNode[] => {
    if (child.type !== "text" || child.value === undefined) {
      keepTogether(child);
      return [child];
    }
    return unbrokenParts(child.value).map(({ text, keep }) =>
      keep
        ? ({ type: "element", tagName: "b", properties: {}, children: [{ type: "text", value: text }] } as TreeNode)
        : { type: "text", value: text },
    );
  });
}

/** For react-markdown: marks what stays on one line as `b`, which markdown itself never makes. */
export function keepUnbroken() {
  return keepTogether;
}
