/** Receipts (protocol §7): the promise to keep a statement, and the proof that an original is sealed. */

import { fromBase64url, utf8 } from "./bytes.js";
import { canonical, differingMembers, isHash, isInteger, isObject, isPosition, isUuid } from "./canonical.js";
import { decodeEntry, SALT_SIZE } from "./entries.js";
import { keyOf, wasValidAt } from "./keys.js";
import { ReceiptWrong, Refusal } from "./refusals.js";
import { sha256Hex } from "./sha256.js";
import { DOMAINS, verify, webCrypto } from "./signatures.js";

/** Milliseconds within which a declared statement stands in the log. */
export const WITHIN = 60_000;
/** The kind of the entry in a sealed receipt. */
export const SEALED_KIND = "evidence.sealed";

const UUID = [isUuid, "a lower-case UUID"];
const HASH = [isHash, "a SHA-256 in lower-case hex"];
const TIME = [(value) => isInteger(value), "an integer of milliseconds"];
const TEXT = [(value) => typeof value === "string", "text"];
const SIGNATURE = [(value) => hasBytes(value, 64), "64 bytes in base64url"];
const PROOF = [
  (value) => Array.isArray(value) && value.length <= 64 && value.every(isHash),
  "a list of at most 64 hashes in lower-case hex",
];

const DECLARED = {
  v: [(value) => value === DOMAINS.declared, DOMAINS.declared],
  key: TEXT,
  signature: SIGNATURE,
  evidence: UUID,
  entry: UUID,
  statement: HASH,
  at: TIME,
  within: [(value) => value === WITHIN, String(WITHIN)],
};
const SEALED = {
  v: [(value) => value === DOMAINS.sealed, DOMAINS.sealed],
  key: TEXT,
  signature: SIGNATURE,
  evidence: UUID,
  at: TIME,
  payload: TEXT,
  checkpoint: TEXT,
  salt: [(value) => hasBytes(value, SALT_SIZE), `${SALT_SIZE} bytes in base64url`],
  position: [isPosition, "a position in decimal digits"],
  proof: PROOF,
};
const SEALED_DATA = {
  evidence: UUID,
  recording: UUID,
  device: UUID,
  maker: UUID,
  statement: HASH,
  sha256: HASH,
  size: TIME,
  declared_at: TIME,
  received_at: TIME,
  object: TEXT,
  version: TEXT,
  device_key: TEXT,
  algorithm: TEXT,
  grade: TEXT,
};

/** The receipt if it has the shape of a declared receipt, ReceiptWrong otherwise. @returns {object} */
export function readDeclared(receipt) {
  return closed(receipt, DECLARED, "");
}

/** The receipt if it has the shape of a sealed receipt, ReceiptWrong otherwise. @returns {object} */
export function readSealed(receipt) {
  return closed(receipt, SEALED, "");
}

/** ReceiptWrong unless these members have the form of an entry, its salt and its place in the log. */
export function mustNameAPlace(members) {
  for (const name of ["payload", "checkpoint", "salt", "position", "proof"]) {
    const [holds, what] = SEALED[name];
    if (!holds(members[name])) throw new ReceiptWrong(`${name} is not ${what}`);
  }
}

/** The entry in a sealed receipt, with the data that sealing writes; ReceiptWrong or EntryMalformed otherwise. */
export function readSealedEntry(payload) {
  const entry = decodeEntry(utf8(payload));
  if (entry.kind !== SEALED_KIND) throw new ReceiptWrong(`kind is not ${SEALED_KIND}`);
  closed(entry.data, SEALED_DATA, "data: ");
  return entry;
}

/** ReceiptWrong unless this key signed the receipt as this kind. */
export async function mustBeSigned(receipt, kind, key, verifier = webCrypto) {
  const { signature, ...members } = receipt;
  const { algorithm, publicKey } = key;
  const signed = { algorithm, publicKey, kind, message: canonical(members), signature: fromBase64url(signature) };
  if (!(await verify(signed, verifier))) {
    throw new ReceiptWrong(`signature is not that of key ${key.id} over this receipt`);
  }
}

/** ReceiptWrong unless the key is one of this name that was in use at this time. */
export function mustBeValid(key, name, at) {
  if (key.name !== name) throw new ReceiptWrong(`key ${key.id} is no ${name} key`);
  if (!wasValidAt(key, at)) throw new ReceiptWrong(`key ${key.id} was not valid at ${at}`);
}

/**
 * ReceiptWrong or KeyRefused unless it is a declared receipt for these bytes by a promise key of these keys: what a
 * phone asks before it takes a statement for declared.
 * @param {unknown} receipt
 * @param {{statement: Uint8Array, keys: import("./keys.js").PublicKeys, evidence?: string}} about `evidence` is the
 *   piece that it must name, if that is known
 */
export async function verifyDeclared(receipt, { statement, keys, evidence }, verifier = webCrypto) {
  const found = readDeclared(receipt);
  if (evidence !== undefined && found.evidence !== evidence) {
    throw new ReceiptWrong("evidence of the declared receipt is another piece");
  }
  if (found.statement !== sha256Hex(statement)) {
    throw new ReceiptWrong("statement is not the SHA-256 of the statement's bytes");
  }
  const key = keyOf(keys, found.key);
  mustBeValid(key, "promise", found.at);
  await mustBeSigned(found, "declared", key, verifier);
}

function closed(value, members, where) {
  if (!isObject(value)) throw new ReceiptWrong(`${where}not an object`);
  const differing = differingMembers(value, Object.keys(members));
  if (differing.length > 0) throw new ReceiptWrong(`${where}missing or unknown: ${differing.join(", ")}`);
  for (const [name, [holds, what]] of Object.entries(members)) {
    if (!holds(value[name])) throw new ReceiptWrong(`${name} is not ${what}`);
  }
  return value;
}

function hasBytes(value, count) {
  try {
    return fromBase64url(value).length === count;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
