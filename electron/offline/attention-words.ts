/** Why the database did not take an entry (`api.replay_observation`), in words for who typed it. */
const words: Readonly<Record<string, string>> = {
  unreadable: "The file on this workstation is damaged and cannot be read. Enter the set again if it is known.",
  "other-key":
    "The file is sealed with a key that this workstation does not hold now, or its beginning is damaged. It is kept; tell IT.",
  "bad-mac": "The database could not make sure who wrote this set. Enter it again.",
  malformed: "The database could not read this set. Enter it again.",
  "wrong-author": "This set names another person or workstation than the one it was typed at.",
  "person-disabled": "The account was closed before this set arrived. The care team decides about it.",
  "session-revoked": "The session was ended before this set arrived. The care team decides about it.",
  "not-permitted": "The account may not record vital signs any more. The care team decides about it.",
  "expired-key": "The set is older or newer than the time for which you could work without the network.",
  "in-future": "The time of the measurement lies in the future. Check this workstation's clock.",
  implausible: "A figure of this set is not possible.",
  "not-care-team": "You were not on this patient's care team at the time of the measurement.",
  conflict: "Another set with the same id is stored already.",
};

export function attentionWords(reason: string | undefined): string {
  return words[reason ?? ""] ?? "The database did not take this set.";
}
