import { type Session, session } from "electron";
import { SCHEME } from "./page-files";

/**
 * The in-memory session of all our pages: nothing is written to disk, every permission and device is denied, and whatever
 * a page might still try to reach goes to a proxy that does not exist.
 */
export async function openPartition(): Promise<Session> {
  const partition = session.fromPartition("lamplight", { cache: false });
  await partition.setProxy({ proxyRules: "http://127.0.0.1:9", proxyBypassRules: "<-loopback>" });
  partition.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  partition.setPermissionCheckHandler(() => false);
  partition.setDevicePermissionHandler(() => false);
  partition.setSpellCheckerEnabled(false);
  partition.on("will-download", (event) => event.preventDefault());
  partition.webRequest.onBeforeRequest((details, decide) => {
    const allowed =
      details.url.startsWith(`${SCHEME}://`) ||
      details.url.startsWith("data:image/") ||
      details.url.startsWith("devtools://");
    decide({ cancel: !allowed });
  });
  return partition;
}
