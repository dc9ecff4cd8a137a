let loaded: Promise<ReadonlySet<string>> | undefined;

/** The 49,233 passwords with which guessing begins, in lower case. Read when the first password is chosen, not at the start. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loaded ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"].map((one) => one.toLowerCase())),
  );
  return loaded;
}
