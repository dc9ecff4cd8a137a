import { type BreakGlassReason, breakGlassReasons } from "../../shared/emergency/break-glass";

/** What is typed and chosen in the dialog. Password and code are no part of it: they are kept nowhere. */
export interface BreakGlassForm {
  readonly patientId: string;
  readonly reason: BreakGlassReason | null;
  readonly words: string;
}

export type BreakGlassFaults = Partial<Record<"patientId" | "reason" | "words" | "password" | "code", string>>;

/** What is missing before the chart can be asked for, in words; empty when nothing is. */
export function faultsOf(form: BreakGlassForm, password: string, code: string | null): BreakGlassFaults {
  const faults: BreakGlassFaults = {};
  if (!/^[A-Za-z0-9]{3,12}$/u.test(form.patientId.trim()))
    faults.patientId = "The number on the wristband: 3 to 12 letters and digits, such as FCE57.";
  if (form.reason === null) faults.reason = "Choose a reason.";
  else if (form.reason === "other" && form.words.trim() === "") faults.words = "Say in a few words what happens.";
  if (password === "") faults.password = "Type your password.";
  if (code !== null && code.trim() === "") faults.code = "Type the code of your second factor.";
  return faults;
}

export function isReason(value: string): value is BreakGlassReason {
  return (breakGlassReasons as readonly string[]).includes(value);
}
