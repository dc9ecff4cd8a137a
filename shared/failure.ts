import { z } from "zod";

/** Every failure that a person can act on: its code and its wording, once. Only the code crosses a process border. */
export const failures = {
  RBAC_DENIED: "Your role may not do this.",
  PATIENT_NOT_FOUND: "No such patient on your wards or lists. Check the number on the wristband.",
  INVALID_INPUT: "Something in the request is not right.",
  UNKNOWN_TOOL: "There is no such tool.",
  SESSION_EXPIRED: "Your session has ended. Sign in again; nothing you saved is lost.",
  LOCKED: "The workstation is locked.",
  NOT_SIGNED_IN: "Nobody is signed in.",
  SIGN_IN_FAILED: "Username or password is wrong.",
  ACCOUNT_LOCKED: "Too many wrong passwords. The account is locked for a while; wait, or ask an administrator.",
  CODE_WRONG: "That code is wrong, already used, or too old. Wait for the next one and type it.",
  CODE_REQUIRED: "Type the code of your second factor as well.",
  PASSWORD_REFUSED: "This password cannot be used. Choose another.",
  PASSWORD_CHANGE_REQUIRED: "Choose a password of your own before you go on.",
  SECOND_FACTOR_REQUIRED: "Your role needs a second factor. Set it up before you go on.",
  BADGE_UNKNOWN: "This badge opens nothing here. Sign in with your password, then add the badge in Settings.",
  BADGE_NOT_ENOUGH: "The badge alone does not open this. Type your password as well.",
  SESSION_REVOKED: "An administrator ended this session. Sign in again, or ask them why.",
  OFFLINE: "This needs the network, which is away. It will work again by itself when the network is back.",
  OFFLINE_UNAVAILABLE: "The network is away, and this workstation holds nothing with which you could work without it.",
  OFFLINE_EXPIRED: "Twelve hours have passed since the database last knew you. Work goes on when the network is back.",
  NOT_STORED: "Nothing was stored. What you typed is still here.",
  PERSON_NOT_FOUND: "There is no such person on the staff list.",
  USERNAME_TAKEN: "This username is taken. Choose another.",
  STAFF_ID_TAKEN: "This staff id was given before. Choose another.",
  BREAK_GLASS_DENIED:
    "Emergency access was not given. Check the patient number and the reason, or call the ward in charge.",
  BREAK_GLASS_OPEN:
    "You already have a chart open in an emergency, here or at another workstation. End that one first.",
  BREAK_GLASS_LIMIT:
    "You have opened charts in an emergency several times in a short while. Call the person in charge.",
  STORED_DIFFERENTLY:
    "This set is in the chart already, as it was first sent, with other figures. Look at it there; saving again adds what you typed now as another set.",
  ENTRY_NOT_FOUND: "This entry is not in your care, or no longer there.",
  ENTRY_SETTLED: "Somebody settled this entry meanwhile. Refresh the list to see what is left.",
  ALERT_NOT_FOUND: "This alert no longer exists.",
  DATABASE_UNAVAILABLE: "The database does not answer. Nothing you saved is lost; the app keeps trying.",
  DATABASE_REFUSED: "The database refused this workstation's login. Tell IT; nothing you saved is lost.",
  DATABASE_BUSY: "The database is still starting. Try again in a moment.",
  SCHEMA_MISMATCH:
    "This version of Lamplight and the hospital's database do not fit together. Nothing is read or written until they do.",
  CONFIGURATION_LOCKED: "IT decided this for all workstations. It cannot be changed here.",
  CONNECTION_REFUSED: "This connection cannot be used. Test it to see why.",
  BED_TAKEN: "That bed is already taken. Choose another.",
  ALREADY_ADMITTED: "This patient is already admitted.",
  ALREADY_LOADED: "This database already holds a hospital. Nothing was changed.",
  IMPORT_REFUSED: "The file was refused. Nothing was imported.",
  CHAT_NOT_FOUND: "This chat no longer exists.",
  CHAT_BUSY: "The assistant is still answering. Stop it first, or wait.",
  MODEL_UNAUTHORIZED: "The language model refused the key. Ask IT to check the key that this workstation was given.",
  MODEL_RATE_LIMITED: "The language model is busy. Try again in a moment.",
  MODEL_UNAVAILABLE: "The language model does not answer. The chart works on without it.",
  MODEL_GARBLED: "The language model sent something unreadable. Try again.",
  MODEL_STALLED: "The language model stopped in the middle of its answer. What came is marked incomplete.",
  TURN_LIMIT: "The assistant needed too many steps and was stopped.",
  STOPPED: "Stopped.",
  TOO_MANY_REQUESTS: "Too many requests at once. Wait a moment.",
  UNEXPECTED: "Something went wrong that we did not foresee. The reference below helps IT to find it.",
} as const;

export type FailureCode = keyof typeof failures;
export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]];

export const failureSchema = z.strictObject({
  code: z.enum(failureCodes),
  /** A sentence for the person, made from the code and from names of roles, tools and fields alone; never from data. */
  message: z.string().max(600),
  /** Links a report to one line of the log; holds nothing else. */
  reference: z.string().max(40).optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** The failure of a code with its standard wording, or a more exact sentence where there is one. */
export function failure(code: FailureCode, message: string = failures[code]): Failure {
  return { code, message };
}

/** Thrown inside a process where a failure is the honest answer; turned into a `Failure` at every border. */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(code: FailureCode, message?: string) {
    super(code);
    this.name = "Refusal";
    this.failure = failure(code, message);
  }

  /** The refusal of a failure that another room answered. */
  static of(answered: Failure): Refusal {
    const refusal = new Refusal(answered.code, answered.message);
    return answered.reference === undefined ? refusal : Object.assign(refusal, { failure: answered });
  }
}
