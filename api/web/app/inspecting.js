/** Opening an inspection and its recording on this phone, with or without a network. */

import { joinInspection, newId, openInspection, openRecording } from "../pithead.js";

/** The form cannot be taken; `field` names where, the message is a code of words.js. */
export class NotFilledIn extends Error {
  constructor(field, code) {
    super(code);
    this.field = field;
  }
}

/**
 * Writes down an inspection with its recording; it is registered by `register`, hours later if need be.
 * @param {import("./phone.js").Phone} phone
 * @param {{mine: string, second: string, surface: string, underground: string, basis: string, reason: string}} form
 */
export async function noteInspection(phone, form) {
  for (const field of ["mine", "second", "surface", "underground", "reason"]) {
    if (form[field].trim() === "") throw new NotFilledIn(field, "fill_in");
  }
  if ([...form.reason.trim()].length < 4) throw new NotFilledIn("reason", "reason_short");
  const lists = await phone.kept.get("lists");
  const beacon = await phone.beacon();
  if (beacon === null) throw new NotFilledIn("mine", "no_beacon");
  const second = lists.officers.find(({ id }) => id === form.second);
  const lead = phone.device.roles.includes("LEAD")
    ? phone.device.account
    : second.roles.includes("LEAD")
      ? second.id
      : null;
  if (lead === null) throw new NotFilledIn("second", "no_lead");
  const places = [
    { id: newId(), name: form.surface.trim(), underground: false },
    { id: newId(), name: form.underground.trim(), underground: true },
  ];
  return phone.kept.writeInspection({
    id: newId(),
    notedAt: Date.now(),
    mineName: lists.mines.find(({ id }) => id === form.mine).name,
    officers: [phone.device.name, second.name],
    opening: {
      mineId: form.mine,
      basis: form.basis,
      reason: form.reason.trim(),
      leadId: lead,
      officerIds: [phone.device.account, second.id],
      places,
    },
    site: places[1].id,
    recording: { id: newId(), beacon: beacon.signed, notBefore: beacon.at, opened: false },
    opened: false,
    refused: null,
  });
}

/** Writes down that this officer joins an inspection that another opened, with a recording of this phone's own. */
export async function noteJoining(phone, { id, mineName, officers, places }) {
  const beacon = await phone.beacon();
  if (beacon === null) throw new NotFilledIn("mine", "no_beacon");
  return phone.kept.writeInspection({
    id,
    mineName,
    officers,
    notedAt: Date.now(),
    joins: true,
    opening: { places },
    site: (places.find(({ underground }) => underground) ?? places[0])?.uuid,
    recording: { id: newId(), beacon: beacon.signed, notBefore: beacon.at, opened: false },
    opened: false,
    refused: null,
  });
}

/** Tells the server of an inspection and its recording, as far as that has not been done; again, it is the same act. */
export async function register(phone, inspection) {
  let row = inspection;
  if (!row.opened) {
    if (row.joins) await joinInspection(phone.server, row.id);
    else await openInspection(phone.server, { id: row.id, ...row.opening });
    row = await phone.kept.writeInspection({ ...row, opened: true, refused: null });
  }
  if (!row.recording.opened) {
    await openRecording(phone.server, { id: row.recording.id, inspectionId: row.id, beacon: row.recording.beacon });
    row = await phone.kept.writeInspection({ ...row, recording: { ...row.recording, opened: true }, refused: null });
  }
  return row;
}
