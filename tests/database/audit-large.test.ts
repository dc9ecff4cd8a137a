import { testLargeAudit } from "../support/large-audit";

// A tenth of what tests/soak writes.
testLargeAudit(10_000);
