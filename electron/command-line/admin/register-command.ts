import type { Command } from "commander";
import type { AdminContext } from "./office";

/** Adds one command, with its options and its help, to the program. */
export type RegisterCommand = (program: Command, context: AdminContext) => void;
