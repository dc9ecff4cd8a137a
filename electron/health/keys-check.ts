import type { Clock } from "../clock";
import type { ServerFigures } from "./database-check";
import { type Finding, good, notChecked, warning } from "./finding";

const DAY = 86_400_000;

/** Only counts and ages: who holds which key stays in the database. */
export function checkKeys(server: ServerFigures | undefined, clock: Clock): Finding {
  if (!server) return notChecked("The database's schema is too old to count its keys.");
  const { keys } = server;
  const figures = {
    field_keys: keys.field_keys,
    field_key_links: keys.links,
    field_key_holders: keys.field_key_holders,
    people_with_keys: keys.people,
    newest_field_key_age_days:
      keys.newest_since === null
        ? null
        : Math.max(0, Math.floor((clock.now().getTime() - Date.parse(keys.newest_since)) / DAY)),
    holders_without_newest_key: keys.without_newest,
  };
  if (keys.field_keys === 0)
    return warning("No field key yet: nobody can open or save identity data until a hospital is set up.", figures);
  if ((keys.without_newest ?? 0) > 0)
    return warning(
      `${keys.without_newest} ${keys.without_newest === 1 ? "person has" : "people have"} not received the newest field key; it reaches each at the next sign-in.`,
      figures,
    );
  return good("Everybody who needs a field key holds the newest one.", figures);
}
