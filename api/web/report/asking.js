/**
 * What is wrong with a draft, told before a receipt is made, since a receipt dies with a slip: codes, no words here.
 *
 * The server checks the same of what it can read; what goes encrypted nobody but this page can check.
 */

export const SHIFTS = ["MORNING", "MIDDLE", "NIGHT"];
export const DANGERS = [
  "GAS", "VENTILATION", "COAL_DUST", "WATER", "FIRE", "ROOF", "ROCK_BURST", "BLASTING", "HOISTING", "ELECTRICITY",
  "MONITORING", "OVERCROWDING", "UNTRAINED", "OTHER",
];
export const [LONGEST_PLACE, LONGEST_CLAUSE] = [100, 500];
const [AHEAD, BACK, DAY] = [31, 7, 86_400_000];

/** A place or clause as the server takes it: whatever cannot be printed, and every kind of blank, is one blank. */
export function oneLine(text) {
  return text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
}

/** Codes of sentences by field. */
export function wordsFaults({ words }) {
  return words.trim() === "" ? { words: "words_missing" } : {};
}

/** Where, when and why one does not go down. @param {string} today as 2026-11-29 */
export function refusalFaults(draft, today) {
  const faults = {};
  if (oneLine(draft.place) === "") faults.place = "place_missing";
  else if (signsIn(draft.place) > LONGEST_PLACE) faults.place = "place_long";
  if (!SHIFTS.includes(draft.shift)) faults.shift = "shift_missing";
  const [day, since, now] = [draft.day, draft.since, today].map((one) => Date.parse(one) / DAY);
  if (Number.isNaN(day)) faults.day = "day_missing";
  else if (day < now - BACK || day > now + AHEAD) faults.day = "day_far";
  if (Number.isNaN(since)) faults.since = "day_missing";
  else if (since > day) faults.since = "since_late";
  if (draft.danger === "" && oneLine(draft.clause) === "") faults.danger = "danger_missing";
  if (signsIn(draft.clause) > LONGEST_CLAUSE) faults.clause = "clause_long";
  return { ...faults, ...wordsFaults(draft) };
}

/** Who is named has a name, who leaves a contact has one. */
export function whoFaults({ mode, name, contact }) {
  if (mode === "NAMED" && name.trim() === "") return { name: "name_missing" };
  return mode === "CONTACT" && contact.trim() === "" ? { contact: "contact_missing" } : {};
}

const signsIn = (text) => Array.from(oneLine(text)).length;
