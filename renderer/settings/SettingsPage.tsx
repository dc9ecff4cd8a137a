import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { AppStatus } from "../../shared/ipc/app-commands";
import { AccountPanel } from "../account/AccountPanel";
import type { AreaProps } from "../app/area-props";
import { modelLine, modelName, modeWords } from "../assistant/model-words";
import { useWardEvent } from "../bridge/use-ward-event";
import { commandQuery } from "../bridge/ward-query";
import { Facts } from "../design/Facts";
import { KeyHint } from "../design/KeyHint";
import { Notice } from "../design/Notice";
import { Page } from "../design/Page";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { useOffline } from "../offline/use-offline";
import { PermissionMatrix } from "../permissions/PermissionMatrix";
import { ToolConsole } from "../tool-console/ToolConsole";
import { AppearanceSettings } from "./AppearanceSettings";
import { spanWords } from "./idle-words";
import styles from "./SettingsPage.module.css";
import { WhoAmI } from "./WhoAmI";
import { WorkstationPanel } from "./WorkstationPanel";

/** The person, the workstation and who decided how it is set, what the role may see, and the tool console. */
export function SettingsPage({ session }: AreaProps) {
  const client = useQueryClient();
  const status = useQuery(commandQuery("app.status", {}));
  useWardEvent("app.status", (now) => client.setQueryData(commandQuery("app.status", {}).queryKey, now));
  const { role } = session.person;
  const offline = useOffline();
  return (
    <Page title="Settings">
      {offline?.notice ? <Notice kind="info">{offline.notice}</Notice> : null}
      {status.data?.notices.map((notice) => (
        <Notice key={notice} kind="warning">
          {notice}
        </Notice>
      ))}
      <div className={styles.grid}>
        <WhoAmI session={session} />
        <Panel title="Assistant and database">
          <QueryView query={status} label="Loading" rows={3}>
            {(data) => <Machine status={data} />}
          </QueryView>
        </Panel>
        <AppearanceSettings />
        <Panel title="Lock">
          <Facts
            facts={[
              ["After", `${spanWords(session.idleSeconds)} without a key or a movement of the pointer`],
              ["Warning", `${spanWords(session.warningSeconds)} before`],
              [
                "At once",
                <>
                  <KeyHint keys="Ctrl+L" />, and when the machine sleeps or locks
                </>,
              ],
            ]}
          />
          <p className={styles.soft}>
            Locking empties the screen. The same person comes back to the same place with the password; somebody else
            signs in instead.
          </p>
        </Panel>
      </div>
      <AccountPanel />
      <WorkstationPanel />
      <Panel title="What I may see">
        <PermissionMatrix role={role} />
      </Panel>
      <Panel title="Tool console">
        <ToolConsole role={role} />
      </Panel>
    </Page>
  );
}

function Machine({ status }: { readonly status: AppStatus }) {
  return (
    <>
      <Facts
        facts={[
          ["Model", modelName(status.model)],
          ["Works", `${status.model.mode === "this-machine" ? "on " : ""}${modeWords(status.model.mode)}`],
          ["Database", status.database === "embedded" ? "on this machine" : "the hospital's central one"],
          ["Data", status.demo ? "demo hospital: no real patients" : "this hospital's own"],
          ["Version", status.version],
        ]}
      />
      <p className={styles.soft}>{modelLine(status.model)}</p>
    </>
  );
}
