import { testLargeAudit } from "../support/large-audit";

testLargeAudit(100_000);
