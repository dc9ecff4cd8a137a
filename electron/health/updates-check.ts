import type { UpdateView } from "../../shared/workstation/updates";
import type { Clock } from "../clock";
import { type Finding, good, notChecked, warning } from "./finding";

/** Hours without a look at the feed, which is asked every six, until it is worth a warning. */
const STALE_HOURS = 72;

/** Never asks the feed: says what the last look found. */
export function checkUpdates(view: UpdateView, clock: Clock): Finding {
  const hours = view.checkedAt === null ? null : (clock.now().getTime() - Date.parse(view.checkedAt)) / 3_600_000;
  const figures = {
    state: view.state,
    offered: view.offered,
    since_last_check_hours: hours === null ? null : Math.round(hours * 10) / 10,
  };
  if (view.state === "off")
    return good("Updates are off: IT installs new versions, and no connection is opened for them.", figures);
  if (view.state === "refused" || view.state === "failed") return warning(view.message, figures);
  if (view.state === "installed" || view.state === "ready") return good(view.message, figures);
  if (hours === null) return notChecked("The feed has not been asked yet.", figures);
  if (hours > STALE_HOURS) return warning("The feed has not been asked for more than three days.", figures);
  return good(view.message, figures);
}
