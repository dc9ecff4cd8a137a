import { Refusal } from "../../shared/failure";
import { readOverviews } from "../records/overview";
import { readRefusedObservations, refusedObservationOf } from "../records/refused-observations";
import { readLastScale } from "../records/vital-signs";
import type { ToolRuns } from "./define-tool";

export const observationRuns: Pick<ToolRuns, "get_observation_form" | "get_refused_observations"> = {
  get_observation_form: async ({ query }, { patient_id }) => {
    const [overviews, scale] = await Promise.all([readOverviews(query), readLastScale(query)]);
    const [row] = overviews;
    if (!row) throw new Refusal("PATIENT_NOT_FOUND");
    return { patient_id, birth_year: row["birth_year"], pregnant: row["pregnant"] === true, spo2_scale: scale };
  },
  get_refused_observations: async ({ query, now }) => ({
    entries: (await readRefusedObservations(query)).map(refusedObservationOf),
    as_of: now.toISOString(),
  }),
};
