import { Database, DatabaseZap, LockKeyhole, RefreshCw } from "lucide-react";
import { useState } from "react";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { Place, SessionView } from "../../shared/session/session-state";
import { AlertsMark } from "../alerts/AlertsMark";
import { AttentionMark } from "../attention/AttentionMark";
import { useWardEvent } from "../bridge/use-ward-event";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { DemoEdge, DemoMark } from "../design/DemoMark";
import { formatTime } from "../design/format";
import { IconButton } from "../design/IconButton";
import { Notice } from "../design/Notice";
import { OfflineBanner } from "../offline/OfflineBanner";
import { useOffline } from "../offline/use-offline";
import { SealedNotice } from "../session/SealedNotice";
import { UpdateLine } from "../updates/UpdateLine";
import styles from "./TopBar.module.css";
import { useDataAge } from "./use-data-age";

export interface TopBarProps {
  readonly session: SessionView;
  readonly status: AppStatus;
  readonly go: (place: Place) => void;
  readonly onLock: () => void;
  readonly onRefresh: () => void;
}

/** Who is signed in, large enough to be seen over a shoulder; what the data is worth; and Lock. */
export function TopBar({ session, status, go, onLock, onRefresh }: TopBarProps) {
  const { person, shift } = session;
  const demo = status.demo || session.demo;
  const offline = useOffline();
  const [heard, setHeard] = useState(true);
  // Either may be late: a window that opens while the database is away hears no event of it.
  const connected = heard && status.phase === "ready" && !session.offline;
  useWardEvent("database.connection", (event) => {
    setHeard(event.connected);
    if (event.connected) onRefresh();
  });
  return (
    <header className={styles.bar} data-print="no">
      {demo ? <DemoEdge /> : null}
      <div className={styles.row}>
        <div className={styles.who}>
          <span className={styles.name}>{person.name}</span>
          <span className={styles.role}>{person.role}</span>
          <span className={styles.shift}>
            {shift
              ? `${shift.wardName}, shift ends ${formatTime(shift.endsAt)}`
              : `${person.department}, ${session.offline ? "shift not known" : "no shift now"}`}
          </span>
        </div>
        {demo ? <DemoMark /> : null}
        <AttentionMark role={person.role} go={go} />
        <AlertsMark go={go} />
        <Connection connected={connected} kind={status.database} copyOf={offline?.session ? offline.wardAsOf : null} />
        <IconButton icon={RefreshCw} label="Refresh (F5)" onPress={onRefresh} />
        <Button variant="primary" onPress={onLock} aria-keyshortcuts="Control+L">
          <LockKeyhole aria-hidden size={16} /> Lock
        </Button>
      </div>
      {connected || offline?.awaySince || offline?.session ? null : <Away status={status} />}
      <OfflineBanner role={person.role} go={go} />
      {session.sealed ? <SealedNotice /> : null}
      <UpdateLine />
    </header>
  );
}

/** While somebody works: their page stays, and says what it is worth. */
function Away({ status }: { readonly status: AppStatus }) {
  const apart = status.reason === "SCHEMA_MISMATCH";
  return (
    <Notice
      kind="warning"
      live
      title={apart ? "Lamplight and the database do not fit together." : "the database does not answer"}
    >
      {apart && status.message ? `${status.message} ` : ""}What you see is as old as it says. Nothing you saved is lost;
      the app keeps trying.
    </Notice>
  );
}

interface ConnectionProps {
  readonly connected: boolean;
  readonly kind: AppStatus["database"];
  /** When the ward's copy was read with which somebody works without the network; null for anybody else. */
  readonly copyOf: string | null;
}

function Connection({ connected, kind, copyOf }: ConnectionProps) {
  const oldest = useDataAge();
  const Icon = connected ? Database : DatabaseZap;
  const where = kind === "embedded" ? "this machine" : "central";
  return (
    <div className={styles.connection}>
      <Icon aria-hidden size={16} />
      <div>
        <div>{connected ? `Connected (${where})` : "Not connected"}</div>
        <div className={styles.age}>
          {copyOf !== null ? (
            `Ward as of ${formatTime(copyOf)}`
          ) : oldest === null ? (
            "No data shown"
          ) : (
            <Age at={new Date(oldest).toISOString()} prefix="Data read" staleAfterMinutes={15} />
          )}
        </div>
      </div>
    </div>
  );
}
