import { readEmergencyReviews } from "../records/emergency-reviews";
import type { ToolRuns } from "./define-tool";

export const emergencyRuns: Pick<ToolRuns, "get_emergency_reviews"> = {
  get_emergency_reviews: async ({ query }, { state }) => {
    const { rows, truncated } = await readEmergencyReviews(query, state);
    return { reviews: rows, truncated };
  },
};
