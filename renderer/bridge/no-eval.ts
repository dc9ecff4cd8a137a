import { z } from "zod";

/**
 * Imported before anything else: zod otherwise tries at once whether it may compile code from strings, which this page's
 * policy refuses with an error in the log.
 */
z.config({ jitless: true });
