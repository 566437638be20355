/** Ledger entries as they are committed to (protocol §5): the payload read back, and its salted digest. */

import { concat, utf8 } from "./bytes.js";
import { differingMembers, isInteger, isObject, isUuid, parseCanonical } from "./canonical.js";
import { EntryMalformed, NotCanonical } from "./refusals.js";
import { sha256 } from "./sha256.js";

/** The most bytes that a payload may have. */
export const ENTRY_LIMIT = 65_536;
/** The bytes of a salt. */
export const SALT_SIZE = 32;

const VERSION = "pithead/entry/1";
const REQUIRED = ["v", "id", "kind", "at", "subject", "data"];

/**
 * The entry that these bytes are; EntryMalformed otherwise.
 * @param {Uint8Array} payload
 * @returns {{id: string, kind: string, at: number, subject: string, data: object, actor?: string, device?: string}}
 */
export function decodeEntry(payload) {
  const { v, ...entry } = members(payload);
  const optional = ["actor", "device"].filter((name) => Object.hasOwn(entry, name));
  if (differingMembers({ v, ...entry }, [...REQUIRED, ...optional]).length > 0) {
    throw new EntryMalformed("not an object of v, id, kind, at, subject, data and, if known, actor and device");
  }
  if (v !== VERSION) throw new EntryMalformed(`v is not ${VERSION}`);
  const texts = [entry.kind, entry.subject, entry.actor ?? ""];
  if (!texts.every((text) => typeof text === "string") || !isObject(entry.data)) {
    throw new EntryMalformed("kind, subject or actor is no text, or data is no object");
  }
  if (!isUuid(entry.id) || !isInteger(entry.at) || !isUuid(entry.device ?? entry.id)) {
    throw new EntryMalformed("id or device is no UUID, or at is no time");
  }
  return entry;
}

/** The leaf's data: SHA-256("pithead/entry/1\n" ‖ salt ‖ payload). @returns {Uint8Array} */
export function entryDigest(salt, payload) {
  if (salt.length !== SALT_SIZE) throw new RangeError("the salt of an entry has 32 bytes");
  return sha256(concat(utf8(`${VERSION}\n`), salt, payload));
}

function members(payload) {
  try {
    return parseCanonical(payload, ENTRY_LIMIT);
  } catch (error) {
    throw error instanceof NotCanonical ? new EntryMalformed(error.message) : error;
  }
}
