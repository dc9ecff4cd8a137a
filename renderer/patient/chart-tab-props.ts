import type { AreaProps } from "../app/area-props";

/** What every tab of a chart is handed. */
export interface ChartTabProps extends AreaProps {
  readonly patientId: string;
  /** The item that a link led to. */
  readonly itemId: string | undefined;
}
