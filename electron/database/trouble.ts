import type { FailureCode } from "../../shared/failure";

/** What went wrong between this workstation and PostgreSQL, by what a person has to do about it. */
export interface Trouble {
  readonly kind: TroubleKind;
  readonly code: FailureCode;
  /** Says it more exactly than the code's own wording. */
  readonly sentence?: string;
  /** Nothing more goes over this connection: the next request looks for a server anew. */
  readonly lost: boolean;
}

const kept = "Nothing you saved is lost; the app keeps trying.";

const troubles = {
  certificate: {
    code: "DATABASE_UNAVAILABLE",
    sentence:
      "The database's certificate is not one that this workstation trusts, so nothing was sent to it. Tell IT: the certificate may be of another server, expired, or signed by another authority.",
    lost: true,
  },
  unencrypted: {
    code: "DATABASE_UNAVAILABLE",
    sentence: "The database offers no encrypted connection, so nothing was sent to it. Tell IT.",
    lost: true,
  },
  login: { code: "DATABASE_REFUSED", lost: true },
  "no-password": {
    code: "DATABASE_REFUSED",
    sentence:
      "The database wants a password, and none is kept on this workstation for this address. Tell IT; nothing you saved is lost.",
    lost: true,
  },
  "no-database": {
    code: "DATABASE_UNAVAILABLE",
    sentence: "The server has no database of the name that this workstation was given. Tell IT.",
    lost: true,
  },
  restarting: {
    code: "DATABASE_UNAVAILABLE",
    sentence: `The database is starting or being stopped. ${kept}`,
    lost: true,
  },
  ended: { code: "DATABASE_UNAVAILABLE", sentence: `The database ended the connection. ${kept}`, lost: true },
  crowded: {
    code: "DATABASE_UNAVAILABLE",
    sentence: `The database has too many connections at the moment. ${kept} If it stays so, tell IT.`,
    // The connections that there are go on working: they are not given up for one more.
    lost: false,
  },
  "disk-full": {
    code: "DATABASE_UNAVAILABLE",
    sentence:
      "The database's disk is full, so nothing new can be saved and no chart be opened. What you saved is kept. Tell IT now.",
    lost: false,
  },
  "disk-broken": {
    code: "DATABASE_UNAVAILABLE",
    sentence: "The database cannot read or write its disk. Tell IT now.",
    lost: false,
  },
  standby: {
    code: "DATABASE_UNAVAILABLE",
    sentence: `The database server that answers is a standby and takes no entries. ${kept} If it stays so, tell IT.`,
    lost: true,
  },
  outdated: {
    code: "DATABASE_UNAVAILABLE",
    sentence:
      "A database server answers that was replaced by another and lacks what was saved since. This workstation does not use it. Tell IT to stop that server.",
    lost: true,
  },
  silent: { code: "DATABASE_UNAVAILABLE", lost: true },
} as const satisfies Readonly<Record<string, Omit<Trouble, "kind">>>;
export type TroubleKind = keyof typeof troubles;

/** Those that say most about what is wrong come first: of several servers the first of these is told. */
export const tellingFirst: readonly TroubleKind[] = [
  "outdated",
  "certificate",
  "unencrypted",
  "login",
  "no-password",
  "no-database",
  "crowded",
  "restarting",
  "standby",
];

const bySqlState: Readonly<Record<string, TroubleKind>> = {
  "57P01": "ended",
  "57P02": "restarting",
  "57P03": "restarting",
  "53300": "crowded",
  "53100": "disk-full",
  "58030": "disk-broken",
  "25006": "standby",
  "28P01": "login",
  "3D000": "no-database",
};

/** PgBouncer has one SQLSTATE for everything it says itself; its words are only looked at, never shown. */
const pgbouncerSays: readonly (readonly [RegExp, TroubleKind])[] = [
  [/starting up|shutting down|recovery mode|not yet accepting|shut down/iu, "restarting"],
  [/too many|no more connections|remaining connection slots/iu, "crowded"],
  [/no such database|database .* does not exist/iu, "no-database"],
  [/authentication|no such user|not allowed|role .* does not exist|SASL|pg_hba/iu, "login"],
];

const connectionTrouble = /^(?:ECONN|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EHOST|ENETUNREACH|EACCES|EAI_|EADDRNOTAVAIL)/u;
/** Names of Node.js and OpenSSL for a certificate that does not hold. */
const certificateTrouble =
  /^(?:CERT_|ERR_TLS_CERT|ERR_SSL|ERR_TLS|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH|ERR_OSSL)/u;
const lostConnection = /Connection terminated|timeout|Client was closed|not queryable|Cannot use a pool|read timeout/iu;

export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function kindOf(error: unknown): TroubleKind | undefined {
  const code = sqlStateOf(error);
  const words = error instanceof Error ? error.message : "";
  if (code === undefined) {
    if (/client password must be/iu.test(words)) return "no-password";
    if (/does not support SSL|establishing an SSL/iu.test(words)) return "unencrypted";
    return lostConnection.test(words) ? "silent" : undefined;
  }
  if (bySqlState[code]) return bySqlState[code];
  if (code.startsWith("08")) return pgbouncerSays.find(([pattern]) => pattern.test(words))?.[1] ?? "silent";
  if (certificateTrouble.test(code)) return "certificate";
  return connectionTrouble.test(code) ? "silent" : undefined;
}

/** The trouble of a kind, for what is found out without an error. */
export function trouble(kind: TroubleKind): Trouble {
  return { kind, ...troubles[kind] };
}

/** What the driver threw, if it is about the connection or the server and not about the statement. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof ServerTrouble) return error.trouble;
  const kind = kindOf(error);
  return kind && trouble(kind);
}

/** A server that answers and cannot be used all the same. */
export class ServerTrouble extends Error {
  readonly trouble: Trouble;
  constructor(kind: TroubleKind) {
    super(kind);
    this.trouble = trouble(kind);
  }
}
