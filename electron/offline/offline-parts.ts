import { ConnectionWatch, type ConnectionWatchOptions } from "./connection-watch";
import { DatabaseReturn } from "./database-return";
import { FileFigures } from "./file-figures";
import { Holder } from "./holder";
import type { OfflineFiles } from "./offline-files";
import { OwnWard, type OwnWardOptions } from "./own-ward";
import { Readiness } from "./readiness";
import { Rounds } from "./rounds";
import { Sending, type SendingOptions } from "./sending";

/** The parts of the room, each with what it alone keeps. */
export interface OfflineParts {
  readonly files: OfflineFiles;
  readonly watch: ConnectionWatch;
  readonly holder: Holder;
  readonly figures: FileFigures;
  readonly readiness: Readiness;
  readonly ward: OwnWard;
  readonly sending: Sending;
  readonly back: DatabaseReturn;
  readonly rounds: Rounds;
}

export interface PartsOptions
  extends Pick<ConnectionWatchOptions, "database" | "clock" | "unreachable">,
    Pick<OwnWardOptions, "readSnapshot" | "lastShift">,
    Pick<SendingOptions, "log"> {
  /** The database answers again: the session comes first, what waits comes after it. */
  readonly onBack: () => Promise<void>;
}

/** What concerns more than one part. */
export interface PartsEvents {
  readonly changed: () => void;
  /** The database went away, or is back. */
  readonly connectionChanged: () => void;
  /** Once a minute. */
  readonly tidied: () => void;
}

/** Builds the parts, and hands each what it may know of the others. None does anything before it is asked. */
export function buildParts(options: PartsOptions, files: OfflineFiles, events: PartsEvents): OfflineParts {
  const { database, clock, log, unreachable, readSnapshot, lastShift, onBack } = options;
  const { changed } = events;
  const logUnexpected = log.unexpected;
  const watch = new ConnectionWatch({ database, clock, unreachable, onChange: events.connectionChanged });
  const isAway = () => watch.awaySince !== null;
  const holder = new Holder(files.clock.now);
  const figures = new FileFigures({ files, onChanged: changed, logUnexpected });
  const count = () => figures.count();
  const ward = new OwnWard({ files, holder, isAway, readSnapshot, lastShift, onChanged: changed, logUnexpected });
  const readWard = () => ward.refresh();
  const onGranted = async () => {
    await count();
    await readWard();
  };
  const readiness = new Readiness({ files, database, holder, onGranted, onFailed: changed, logUnexpected });
  const sending = new Sending({ files, database, log, count, onSent: () => ward.wrote() });
  const send = () => sending.send();
  const back = new DatabaseReturn({ clock, session: onBack, send, readWard, logUnexpected });
  const rounds = new Rounds({
    tidy: async () => {
      await files.clock.keep();
      await files.access.sweep();
      await count();
      events.tidied();
    },
    readWard,
    // The database came and went again before the session could go on with it.
    renew: () => (holder.opened && !isAway() ? back.begin() : undefined),
    // What waited when the app ended, or was left by a sending that met trouble.
    send: () => (isAway() ? undefined : send()),
    logUnexpected,
  });
  return { files, watch, holder, figures, readiness, ward, sending, back, rounds };
}
