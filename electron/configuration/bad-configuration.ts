import { BadEnvironment } from "../config";

/** A file of the configuration that cannot be used. One line that names the file and the item, never a secret. */
export class BadConfiguration extends BadEnvironment {}
