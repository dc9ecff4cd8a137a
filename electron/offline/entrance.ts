import { Refusal } from "../../shared/failure";
import type { OfflineEntry } from "../session/offline-port";
import { forgetKeys } from "../session/password-keys";
import type { OpenedOffline } from "./offline-access";
import { forgetContent } from "./offline-blob";
import type { OfflineFiles } from "./offline-files";

export interface EntranceOptions {
  readonly files: Pick<OfflineFiles, "access" | "usage">;
  /** Counts what lies on the disk. Never rejects. */
  readonly count: () => Promise<void>;
  /** What was opened becomes the work of whoever is signed in now. */
  readonly begin: (opened: OpenedOffline) => Promise<void>;
  readonly logUnexpected: (where: string, error: unknown) => string;
}

/**
 * Opens a person's work without the database, and writes that down first. Refuses with OFFLINE_UNAVAILABLE, OFFLINE_EXPIRED or
 * SIGN_IN_FAILED.
 */
export async function enterOffline(
  { files, count, begin, logUnexpected }: EntranceOptions,
  username: string,
  password: string,
): Promise<OfflineEntry> {
  const opened = await files.access.open(username, password).finally(count);
  const { content, keys, wrongBefore } = opened;
  const discard = () => {
    forgetContent(content);
    forgetKeys(keys);
  };
  try {
    await files.usage.note(content.usage, "unlock", wrongBefore > 0 ? { wrong_before: wrongBefore } : {});
  } catch (error) {
    discard();
    const reference = logUnexpected("offline use", error);
    throw new Refusal(
      "OFFLINE_UNAVAILABLE",
      `This workstation cannot write down that it is used without the network, so it does not open (reference ${reference}).`,
    );
  }
  const { person, sessionId, startedAt, expiresAt, draftsKey } = content;
  return {
    person,
    sessionId,
    startedAt,
    expiresAt,
    draftsKey,
    keys,
    begin: () =>
      begin(opened).catch((error: unknown) => {
        // The session is open all the same; its pages say what could not be read.
        logUnexpected("ward copy", error);
      }),
    discard,
  };
}
