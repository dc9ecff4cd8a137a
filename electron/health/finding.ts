import type { HealthCheck } from "../../shared/workstation/health";

/** What one look found: a check without its name. */
export type Finding = Omit<HealthCheck, "name">;
export type Figures = HealthCheck["figures"];

export const good = (message: string, figures: Figures = {}): Finding => ({ state: "good", message, figures });
export const warning = (message: string, figures: Figures = {}): Finding => ({ state: "warning", message, figures });
export const bad = (message: string, figures: Figures = {}): Finding => ({ state: "bad", message, figures });
export const notChecked = (message: string, figures: Figures = {}): Finding => ({
  state: "not-checked",
  message,
  figures,
});
