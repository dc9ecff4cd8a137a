/** A feed or a file that must not be trusted or used, with a sentence for a person. Nothing is installed. */
export class UpdateRefused extends Error {}

/** A feed that could not be reached or read this time; the next look may succeed. */
export class UpdateUnreachable extends Error {}
