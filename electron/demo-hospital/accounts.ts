/** Public on purpose, and only ever set in the demo hospital, which says on every screen that it is one. */
export const demoPassword = "DemoPass123!";

/** The staff ids of the six accounts that can sign in. */
export const demoAccountIds = ["STF001", "STF002", "STF003", "STF004", "STF005", "STF006"] as const;
