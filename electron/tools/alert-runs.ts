import { readAlerts } from "../records/alerts";
import type { ToolRuns } from "./define-tool";

export const alertRuns: Pick<ToolRuns, "get_alerts"> = {
  get_alerts: async ({ query }, { state }) => {
    const { rows, truncated } = await readAlerts(query, state);
    return { alerts: rows, truncated };
  },
};
