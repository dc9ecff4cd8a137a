import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { StaffAccount } from "../../shared/account/account";
import { useFocusIfLost } from "../account/use-focus-if-lost";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { Facts } from "../design/Facts";
import { Notice } from "../design/Notice";
import { AccountStateMark } from "./AccountStateMark";
import type { HandOver } from "./hand-over";
import styles from "./PersonDialog.module.css";
import { PersonSessions } from "./PersonSessions";
import { endedWords } from "./people-words";
import { type PersonAct, personActs } from "./person-acts";
import { ReasonDialog } from "./ReasonDialog";

export interface PersonDialogProps {
  readonly person: StaffAccount;
  /** The administrator's own account is looked after in Settings. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
  readonly onHandOver: (handOver: HandOver) => void;
}

/** Everything an administrator may do with one account; each act asks once more and says what it means. */
export function PersonDialog({ person, isOwn, onClose, onHandOver }: PersonDialogProps) {
  const client = useQueryClient();
  const [act, setAct] = useState<PersonAct | null>(null);
  const [said, setSaid] = useState("");
  const line = useRef<HTMLParagraphElement>(null);
  useFocusIfLost(line, said);
  const sessions = useQuery({ ...commandQuery("people.sessions", { staffId: person.staffId }), staleTime: 0 });
  const { staffId } = person;

  const run = async (asked: PersonAct, reason: string): Promise<string> => {
    switch (asked.kind) {
      case "end-sessions": {
        const which = asked.session ? { sessionId: asked.session.id } : {};
        return endedWords((await call("people.endSessions", { staffId, reason, ...which })).ended);
      }
      case "disable":
        await call("people.disable", { staffId, reason });
        return "The account is disabled. Open screens lock within 5 seconds.";
      case "enable":
        await call("people.enable", { staffId });
        return "The account is enabled.";
      case "reset-password": {
        const { temporaryPassword } = await call("people.resetPassword", { staffId, reason });
        onHandOver({ name: person.name, username: person.username, password: temporaryPassword });
        return "A temporary password was made.";
      }
      case "reset-second-factor":
        await call("people.resetSecondFactor", { staffId, reason });
        return "The second factor is off.";
    }
  };
  const done = (words: string) => {
    setSaid(words);
    setAct(null);
    void client.invalidateQueries({ queryKey: ["command", "people.list"] });
    void client.invalidateQueries({ queryKey: ["command", "people.sessions"] });
  };

  return (
    <>
      <Dialog
        title={person.name}
        width="wide"
        isOpen
        onClose={onClose}
        actions={<Button onPress={onClose}>Close</Button>}
      >
        <div className={styles.person}>
          <Facts facts={factsOf(person)} />
          <PersonSessions
            sessions={sessions}
            onEnd={(session) => setAct({ kind: "end-sessions", session })}
            onEndAll={() => setAct({ kind: "end-sessions", session: null })}
          />
          {isOwn ? (
            <Notice kind="info">
              This is your own account. Password, second factor and badge are in Settings; to disable it, ask another
              administrator.
            </Notice>
          ) : (
            <section className={styles.acts} aria-label="Account">
              <Button onPress={() => setAct({ kind: "reset-password" })}>
                {person.hasPassword ? "Reset password" : "Give first password"}
              </Button>
              {person.secondFactor ? (
                <Button onPress={() => setAct({ kind: "reset-second-factor" })}>Reset second factor</Button>
              ) : null}
              {person.disabledAt === null ? null : (
                <Button onPress={() => setAct({ kind: "enable" })}>Enable account</Button>
              )}
              {person.disabledAt === null && person.hasPassword ? (
                <Button variant="danger" onPress={() => setAct({ kind: "disable" })}>
                  Disable account
                </Button>
              ) : null}
            </section>
          )}
          <p ref={line} role="status" tabIndex={-1} className={styles.said}>
            {said}
          </p>
        </div>
      </Dialog>
      {act ? (
        <ReasonDialog
          words={personActs(act, person)}
          run={(reason) => run(act, reason)}
          onDone={done}
          onClose={() => setAct(null)}
        />
      ) : null}
    </>
  );
}

function factsOf(person: StaffAccount) {
  return [
    ["State", <AccountStateMark key="state" account={person} />],
    ["Username", person.username],
    ["Staff id", person.staffId],
    ["Role", `${person.role}, ${person.department}`],
    ["Second factor", person.secondFactor ? "On" : "Off"],
    ["Last sign-in", person.lastSignInAt === null ? "Never" : <Age key="last" at={person.lastSignInAt} />],
  ] as const;
}
