import type { ToolOutput } from "../../../shared/tools/registry";
import { count, dayOf, plain, timeOf } from "./say";
import type { Scene } from "./scene";

type Shift = ToolOutput<"get_my_shifts">["shifts"][number];

/** The own shifts: what is on, what comes next. */
export function myShiftsAnswer(scene: Scene): string | undefined {
  const found = scene.desk.look("get_my_shifts", {});
  if (!found) return undefined;
  if (!found.ok) return `The look-up failed, so I do not know. ${found.message}`;
  const { now } = scene;
  const coming = inOrder(found.value.shifts).filter((shift) => new Date(shift.ends_at) > now);
  if (coming.length === 0) return "You have no shifts in the next two weeks that I can see.";
  const lines = coming
    .slice(0, 8)
    .map(
      (shift) =>
        `- ${new Date(shift.starts_at) <= now ? "**on now**: " : ""}${span(shift)}, ward ${plain(shift.ward)}, ${plain(shift.department)}`,
    );
  return [`Your shifts, ${count(coming.length, "coming or on now", "coming or on now")}:`, "", ...lines].join("\n");
}

/** Department schedules: who is on, or all that is planned. */
export function shiftsAnswer(words: string, scene: Scene): string | undefined {
  const found = scene.desk.look("get_shifts", {});
  if (!found) return undefined;
  if (!found.ok)
    return found.code === "RBAC_DENIED"
      ? `${found.message} You can ask for your own shifts.`
      : `The look-up failed, so I do not know. ${found.message}`;
  const { now } = scene;
  const all = inOrder(found.value.shifts);
  const departments = [...new Set(all.map((shift) => shift.department))].filter((name) =>
    words.includes(name.toLowerCase()),
  );
  const asked = departments.length > 0 ? all.filter((shift) => departments.includes(shift.department)) : all;
  const onNow = asked.filter((shift) => new Date(shift.starts_at) <= now && new Date(shift.ends_at) > now);
  const coming = asked.filter((shift) => new Date(shift.starts_at) > now);
  const wantsNow = /\bnow\b|on duty|on shift|working|on call|tonight|who/u.test(words);
  const shown = wantsNow ? onNow : [...onNow, ...coming];
  const lines = shown
    .slice(0, 15)
    .map(
      (shift) =>
        `- ${plain(shift.staff_name)} (${plain(shift.role)}), ${span(shift)}, ward ${plain(shift.ward)}, ${plain(shift.department)}`,
    );
  const head = wantsNow ? "On duty now" : "Shifts on now and coming";
  if (lines.length === 0)
    return `${head}: none recorded${departments.length > 0 ? ` for ${departments.map(plain).join(", ")}` : ""}.`;
  return [
    `${head}:`,
    "",
    ...lines,
    ...(shown.length > 15 ? [`- ${shown.length - 15} more on the Shifts page`] : []),
  ].join("\n");
}

function inOrder(shifts: readonly Shift[]): Shift[] {
  return shifts.toSorted((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at));
}

function span(shift: Shift): string {
  const start = new Date(shift.starts_at);
  return `${dayOf(start)} ${timeOf(start)} to ${timeOf(new Date(shift.ends_at))}`;
}
