/** Checkpoints of the log (protocol §6): the C2SP tlog-checkpoint body in a signed-note with Ed25519 signatures. */

import { concat, fromBase64, toHex, utf8 } from "./bytes.js";
import { CheckpointMalformed } from "./refusals.js";
import { sha256 } from "./sha256.js";
import { DOMAINS, rawPublicKey, verifyRaw, webCrypto } from "./signatures.js";

/** The most bytes of a note. */
export const NOTE_LIMIT = 16_384;

// Written out, since \s of JavaScript is not the White_Space of Unicode that signed-note speaks of.
const NAME_SIGN = "[^+\\u0000-\\u0020\\u007f\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const NAME = new RegExp(`^${NAME_SIGN}{1,200}$`, "u");
const SIGNATURE = new RegExp(`^— (${NAME_SIGN}{1,200}) ([A-Za-z0-9+/]+={0,2})$`, "u");
const SIZE = /^(?:0|[1-9][0-9]{0,18})$/;

/**
 * A public key that may stand under a note: its name (for the log: the origin) and its SPKI DER.
 * @typedef {{name: string, publicKey: Uint8Array}} NoteKey
 */

/**
 * What a checkpoint says and who signed it; `key` of a signature is the known key that made it, or null.
 * @typedef {{origin: string, size: bigint, root: Uint8Array,
 *   signatures: {name: string, keyHash: Uint8Array, signature: Uint8Array, key: NoteKey | null}[]}} Checkpoint
 */

/** The first 4 bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ the 32 bytes of the Ed25519 key). @returns {Uint8Array} */
export function keyHash(name, publicKey) {
  return sha256(concat(utf8(`${name}\n\u0001`), rawPublicKey(publicKey))).subarray(0, 4);
}

/** May a log be named so? A domain line may not. @returns {boolean} */
export function isOrigin(text) {
  return typeof text === "string" && NAME.test(text) && !Object.values(DOMAINS).includes(text);
}

/**
 * The checkpoint, each signature checked against the keys given; CheckpointMalformed if it is not well formed, or if a
 * signature claims to be by a known key and is not. One by an unknown key stands there with `key` null.
 * @param {string} note
 * @param {Iterable<NoteKey>} keys
 * @param {import("./signatures.js").Verifier} [verifier]
 * @returns {Promise<Checkpoint>}
 */
export async function parseCheckpoint(note, keys, verifier = webCrypto) {
  if (utf8(note).length > NOTE_LIMIT || !note.endsWith("\n")) {
    throw new CheckpointMalformed("the note is too long or does not end its last line");
  }
  const end = note.indexOf("\n\n");
  const lines = note.slice(end + 2);
  if (end < 0 || lines === "") throw new CheckpointMalformed("no empty line and signature after the body");
  const known = new Map(Array.from(keys, (key) => [lineName(key.name, keyHash(key.name, key.publicKey)), key]));
  const signed = utf8(note.slice(0, end + 1));
  const signatures = [];
  for (const line of lines.slice(0, -1).split("\n")) {
    signatures.push(await parseSignature(line, signed, known, verifier));
  }
  return { ...parseBody(note.slice(0, end)), signatures };
}

/** The known keys of this name that made a signature which verified. @returns {NoteKey[]} */
export function signersNamed(checkpoint, name) {
  return checkpoint.signatures.filter((line) => line.key !== null && line.name === name).map((line) => line.key);
}

function lineName(name, hash) {
  return `${name} ${toHex(hash)}`; // No name has a space.
}

function parseBody(text) {
  const lines = text.split("\n");
  if (lines.length !== 3) throw new CheckpointMalformed(`the body has ${lines.length} lines, not 3`);
  const [origin, size, encoded] = lines;
  if (!isOrigin(origin)) throw new CheckpointMalformed("line 1 is no origin");
  if (!SIZE.test(size)) throw new CheckpointMalformed("line 2 is no size");
  const root = fromBase64(encoded);
  if (root?.length !== 32) throw new CheckpointMalformed("line 3 is no root in base64");
  return { origin, size: BigInt(size), root };
}

async function parseSignature(line, signed, known, verifier) {
  const found = SIGNATURE.exec(line);
  const data = found && fromBase64(found[2]);
  if (!data || data.length < 5) throw new CheckpointMalformed("a signature line is not '— name base64'");
  const [name, hash, signature] = [found[1], data.subarray(0, 4), data.subarray(4)];
  const key = known.get(lineName(name, hash)) ?? null;
  if (key !== null) {
    const { publicKey } = key;
    if (!(await verifyRaw({ algorithm: "Ed25519", publicKey, message: signed, signature }, verifier))) {
      throw new CheckpointMalformed(`the signature of ${name} (key hash ${toHex(hash)}) does not cover this body`);
    }
  }
  return { name, keyHash: hash, signature, key };
}
