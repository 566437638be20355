/** The code on the sheet of a notice board (protocol §8b): what the log says of one commitment, in a QR code's text. */

import { fromBase45 } from "../base45.js";
import { concat, fromBase64url, textOf, toBase64url, toHex } from "../bytes.js";
import { canonical } from "../canonical.js";
import { decodeEntry, entryDigest, SALT_SIZE } from "../entries.js";
import { inclusionRoot, leafHash } from "../merkle.js";
import { CodeMalformed, Refusal } from "../refusals.js";
import { ED25519_HEAD, P256_HEAD } from "../signatures.js";
import * as acts from "./acts.js";
import { NONCE_SIZE } from "./documents.js";
import { BY_WAY, WAYS } from "./signing.js";
import { SM2_HEAD } from "./sm2.js";

/** Before the base45 of a code. */
export const CODE_PREFIX = "PH1:";
/** The most bytes of a code: a page has room for no larger square that a phone still reads. */
export const CODE_LIMIT = 1_800;

const ALGORITHMS = ["", "ES256", "Ed25519", "SM2"];
const HEADS = { ES256: P256_HEAD, Ed25519: ED25519_HEAD, SM2: SM2_HEAD };
const POINTS = { ES256: 64, Ed25519: 32, SM2: 64 };
const VERSION = "pithead/entry/1";

const DIGEST = (reader) => toHex(reader.take(32));
const TEXT = (reader) => textOf(reader.take(reader.number(1)));
const ALWAYS = {
  digest: DIGEST, mine: uuid, mine_name: TEXT, principal: uuid, principal_name: TEXT, year: (reader) => reader.number(2),
  pdf: DIGEST, pdf_size: (reader) => reader.number(4),
};
const BY_KEY = { signature: (reader) => toBase64url(reader.take(64)), checked: uuid };
const OWN = {
  KEY: { ...BY_KEY, agreed: uuid },
  PASSKEY: { ...BY_KEY, agreed: uuid, origin: TEXT, relying_party: TEXT },
  TOKEN: BY_KEY,
  INK: { scan: DIGEST },
};

/**
 * The entry `commitment.signed` with its place in the log, and what is signed beside it. Of the checkpoint it has the
 * size and the log's signature: the root follows from the proof, the log's name and key from the list that is trusted.
 * @typedef {{entry: object, payload: Uint8Array, nonce: Uint8Array, salt: Uint8Array, position: bigint,
 *   proof: Uint8Array[], size: bigint, keyHash: Uint8Array, logSignature: Uint8Array, authenticator: Uint8Array,
 *   client: Uint8Array}} Code
 */

/** The code that a QR code's text is; CodeMalformed if it is none. @param {string} text @returns {Code} */
export function decodeCode(text) {
  if (!text.startsWith(CODE_PREFIX)) throw new CodeMalformed(`it does not begin with ${CODE_PREFIX}`);
  if ([...text].length > CODE_PREFIX.length + Math.ceil((CODE_LIMIT * 3) / 2)) {
    throw new CodeMalformed(`it is longer than ${CODE_LIMIT} bytes`);
  }
  try {
    const reader = readerOf(fromBase45(text.slice(CODE_PREFIX.length)));
    const found = read(reader);
    if (reader.left() > 0) throw new CodeMalformed(`${reader.left()} bytes stand behind its end`);
    return found;
  } catch (error) {
    // Bytes that are no UTF-8 are a TypeError of the host's own.
    if (error instanceof Refusal || error instanceof TypeError) throw new CodeMalformed(error.message);
    throw error;
  }
}

/** The principal's signature, as a bundle has it. @returns {import("./signing.js").Signature} */
export function signatureOf({ entry: { data }, authenticator, client }) {
  const { way, algorithm, key, signature, scan } = data;
  if (way === "INK") return { way, scan, told: { way, scan } };
  const told = { way, algorithm, key, signature };
  return { way, algorithm, key: fromBase64url(key), signature: fromBase64url(signature), authenticator, client, told };
}

/** The root of the log that the entry's leaf leads to; CodeMalformed if the proof cannot belong to its place. */
export function rootOf({ salt, payload, position, size, proof }) {
  const root = inclusionRoot(leafHash(entryDigest(salt, payload)), position, size, proof);
  if (root === null) throw new CodeMalformed(`the proof does not belong to position ${position} of ${size}`);
  return root;
}

/** Takes bytes from the front, and never more than there are. */
function readerOf(data) {
  let at = 0;
  const left = () => data.length - at;
  const take = (count) => {
    if (left() < count) throw new CodeMalformed(`it ends at byte ${data.length}, in the middle of something`);
    at += count;
    return data.subarray(at - count, at);
  };
  const long = () => BigInt(`0x${toHex(take(8))}`);
  return { left, take, long, number: (count) => take(count).reduce((sum, byte) => sum * 256 + byte, 0) };
}

function uuid(reader) {
  const digits = toHex(reader.take(16));
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([start, end]) => digits.slice(start, end)).join("-");
}

function optional(reader, name) {
  const present = reader.number(1);
  if (present > 1) throw new CodeMalformed("a mark is neither yes nor no");
  return present ? { [name]: uuid(reader) } : {};
}

function read(reader) {
  const [way, algorithm] = [WAYS[reader.number(1)], ALGORITHMS[reader.number(1)]];
  if (way === undefined || !(way === "INK" ? algorithm === "" : BY_WAY[way].includes(algorithm))) {
    throw new CodeMalformed("its first bytes name no way of signing");
  }
  const place = { nonce: reader.take(algorithm ? NONCE_SIZE : 0), salt: reader.take(SALT_SIZE) };
  Object.assign(place, { position: reader.long(), size: reader.long() });
  place.proof = Array.from({ length: reader.number(1) }, () => reader.take(32));
  Object.assign(place, { keyHash: reader.take(4), logSignature: reader.take(64) });
  const said = { id: uuid(reader), at: timeOf(reader.long()), subject: uuid(reader) };
  Object.assign(said, optional(reader, "actor"), optional(reader, "device"));
  const data = { way };
  for (const [name, take] of Object.entries({ ...ALWAYS, ...OWN[way] })) data[name] = take(reader);
  if (algorithm) {
    Object.assign(data, { algorithm, key: toBase64url(concat(HEADS[algorithm], reader.take(POINTS[algorithm]))) });
  }
  const [authenticator, client] = way === "PASSKEY" ? [sized(reader), sized(reader)] : [null, null];
  const payload = canonical({ v: VERSION, kind: acts.KINDS.signed, data, ...said });
  const entry = decodeEntry(payload);
  acts.mustHaveForm(entry);
  return { entry, payload, ...place, authenticator, client };
}

function sized(reader) {
  return reader.take(reader.number(2));
}

function timeOf(number) {
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw new CodeMalformed("an integer beyond 2^53");
  return Number(number);
}
