interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): unknown;
}

/**
 * The page demands trusted types, so that no text can become markup. One library empties its live region by assigning ""
 * to innerHTML; this default policy lets exactly that through and refuses every other string.
 */
export function allowOnlyEmptyMarkup(): void {
  const trustedTypes = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
  trustedTypes?.createPolicy("default", {
    createHTML: (text) => {
      if (text === "") return text;
      throw new TypeError("Markup from a string is refused.");
    },
  });
}
