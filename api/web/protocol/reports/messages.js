/** Messages of a report: what stands in one, how it is padded to one of four sizes, and its one encryption. */

import { randomBytes } from "../../client/chance.js";
import { concat, toBase64url, utf8 } from "../bytes.js";
import { canonical, differingMembers, isInteger, isObject, parseCanonical } from "../canonical.js";
import { NotCanonical } from "../refusals.js";
import { decrypted, encrypted } from "./ciphers.js";
import { LARGEST } from "./files.js";
import { bytesOf, mustBeId, ReportMalformed } from "./malformed.js";

/** What a message and an identity begin with. */
export const [MESSAGE_VERSION, IDENTITY_VERSION] = ["pithead/report-message/1", "pithead/report-identity/1"];
/** A message is padded to one of these, so that its length says next to nothing. */
export const SIZES = [4_096, 16_384, 65_536, 262_144];
/** How many files a message may have. */
export const FILES = 10;

const KINDS = ["PHOTO", "VOICE", "OTHER"];
const [NONCE, TAG, SPACE] = [12, 16, 0x20];

/**
 * A file of a message: its own key stands here, so whoever reads the message can read the file and nobody else.
 * @typedef {{id: string, kind: "PHOTO" | "VOICE" | "OTHER", type: string, size: number, key: Uint8Array}} Attached
 * @typedef {{words: string, answers: Record<string, string>, files: Attached[]}} Message
 */

/** Canonical JSON, not yet padded; ReportMalformed if it could not be read again. @param {Message} message */
export function encodeMessage({ words, answers = {}, files = [] }) {
  const told = files.map(({ id, kind, type, size, key }) => ({ id, kind, type, size, key: toBase64url(key) }));
  const data = written({ v: MESSAGE_VERSION, words, answers, files: told });
  decodeMessage(data);
  return data;
}

/** The message of canonical JSON; ReportMalformed for anything that this version does not write. @returns {Message} */
export function decodeMessage(data) {
  const { words, answers, files } = members(data, ["v", "words", "answers", "files"], MESSAGE_VERSION);
  const texts = isObject(answers) && Object.values(answers).every((answer) => typeof answer === "string");
  if (typeof words !== "string" || !texts || !Array.isArray(files) || files.length > FILES) {
    throw new ReportMalformed("message");
  }
  const attached = files.map(fileOf);
  if (new Set(attached.map(({ id }) => id)).size !== attached.length) throw new ReportMalformed("file");
  return { words, answers: { ...answers }, files: attached };
}

/** Name, number and contact in canonical JSON, not yet padded. */
export function encodeIdentity({ name, number, contact }) {
  if ([name, number, contact].some((item) => typeof item !== "string")) throw new ReportMalformed("identity");
  return written({ v: IDENTITY_VERSION, name, number, contact });
}

/** The data with spaces behind it up to the next of the four sizes; ReportMalformed `too large` beyond the last. */
export function pad(data) {
  const size = SIZES.find((one) => data.length <= one);
  if (size === undefined) throw new ReportMalformed("too large", data.length);
  return concat(data, new Uint8Array(size - data.length).fill(SPACE));
}

/** The way back; ReportMalformed unless it was padded to the smallest size that holds it, and with spaces. */
export function unpad(padded) {
  let end = padded.length;
  while (end > 0 && padded[end - 1] === SPACE) end -= 1;
  const data = padded.slice(0, end);
  if (!SIZES.includes(padded.length) || pad(data).length !== padded.length) throw new ReportMalformed("padding");
  return data;
}

/** What the encryption of a message is bound to. */
export function forMessage(id) {
  return utf8(`pithead report message v1\n${mustBeId(id, "message id")}`);
}

/** The same for the identity that is filed together with a message. */
export function forIdentity(id) {
  return utf8(`pithead report identity v1\n${mustBeId(id, "message id")}`);
}

/** Padded and encrypted: the nonce, the ciphertext, the tag. A content key encrypts one message, once. */
export async function encrypt(data, key, bound, { random = randomBytes } = {}) {
  const nonce = random(NONCE);
  return concat(nonce, await encrypted(key, nonce, pad(data), bound));
}

/** The data again, without padding; ReportMalformed for another key or message, or bytes that were changed. */
export async function decrypt(data, key, bound) {
  if (!SIZES.includes(data.length - NONCE - TAG)) throw new ReportMalformed("size");
  const padded = await decrypted(key, data.subarray(0, NONCE), data.subarray(NONCE), bound);
  if (padded === null) throw new ReportMalformed("not for this key");
  return unpad(padded);
}

function fileOf(item) {
  const whole = isObject(item) && differingMembers(item, ["id", "kind", "type", "size", "key"]).length === 0;
  if (!whole || !KINDS.includes(item.kind) || typeof item.type !== "string" || !isInteger(item.size, 1, LARGEST)) {
    throw new ReportMalformed("file");
  }
  const { kind, type, size } = item;
  return { id: mustBeId(item.id, "file"), kind, type, size, key: bytesOf(item.key, { size: 32, reason: "file" }) };
}

function members(data, names, version) {
  const found = known(() => parseCanonical(data, SIZES.at(-1)));
  if (differingMembers(found, names).length > 0 || found.v !== version) throw new ReportMalformed("not canonical");
  return found;
}

function written(value) {
  return known(() => canonical(value));
}

function known(act) {
  try {
    return act();
  } catch (error) {
    throw error instanceof NotCanonical ? new ReportMalformed("not canonical") : error;
  }
}
