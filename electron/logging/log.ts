import { randomUUID } from "node:crypto";
import log from "electron-log/node";

export interface Log {
  info(line: string): void;
  warn(line: string): void;
  /** Writes where and what kind of error it was, never its message (PostgreSQL puts row values into those); answers the reference. */
  unexpected(where: string, error: unknown): string;
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  // Frames name our own code, no values; the first line of a stack is the message and stays out.
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /u.test(line));
  return `${error.name}${code} ${frames
    .slice(0, 6)
    .map((line) => line.trim())
    .join(" < ")}`;
}

/** Lines for IT in a file of the home folder (5 MB, one older file kept). No patient data, no secret, no error text. */
export function createLog(file: string): Log {
  const logger = log.create({ logId: "lamplight" });
  logger.transports.file.resolvePathFn = () => file;
  logger.transports.file.maxSize = 5 * 1024 * 1024;
  logger.transports.file.level = "info";
  logger.transports.console.level = false;
  return {
    info: (line) => logger.info(line),
    warn: (line) => logger.warn(line),
    unexpected: (where, error) => {
      const reference = randomUUID().slice(0, 8);
      logger.error(`${reference} ${where}: ${kindOf(error)}`);
      return reference;
    },
  };
}
