/** The public keys document (protocol §4): which server keys there are, since and until when, by which predecessor. */

import { fromBase64url } from "./bytes.js";
import { canonical, differingMembers, isInteger, isObject, parseLaidOut } from "./canonical.js";
import { isOrigin } from "./checkpoints.js";
import { KeyRefused, KeysMalformed, NotCanonical, Refusal } from "./refusals.js";
import { sha256Hex } from "./sha256.js";
import { ALGORITHMS, isPublicKey, verify, webCrypto } from "./signatures.js";

/** The document's version. */
export const KEYS_VERSION = "pithead/keys/1";
/** The most bytes that a file of trusted keys may have. */
export const KEYS_LIMIT = 1_048_576;
/** Milliseconds around a key's validity: what began before a rotation may be signed just after it. */
export const GRACE = 60_000;

const REQUIRED = ["id", "name", "algorithm", "public", "from"];
const OPTIONAL = ["to", "predecessor", "signature"];
const NAME = /^[a-z]{1,20}$/;

/**
 * One server key: its members as in the document, and its bytes as `publicKey`. Times are ms since 1970 UTC.
 * @typedef {{id: string, name: string, algorithm: string, public: string, from: number, to?: number,
 *   predecessor?: string, signature?: string, publicKey: Uint8Array}} PublicKey
 */

/**
 * The origin of the log and its keys by id, in the order of the document.
 * @typedef {{origin: string, keys: Map<string, PublicKey>}} PublicKeys
 */

/**
 * The keys of {"v": "pithead/keys/1", "origin": …, "keys": […]}; KeysMalformed otherwise.
 * @param {unknown} document
 * @returns {PublicKeys}
 */
export function parseKeys(document) {
  const closed = isObject(document) && differingMembers(document, ["v", "origin", "keys"]).length === 0;
  if (!closed || document.v !== KEYS_VERSION) {
    throw new KeysMalformed(`not an object of v (${KEYS_VERSION}), origin and keys`);
  }
  if (!isOrigin(document.origin) || !Array.isArray(document.keys)) {
    throw new KeysMalformed("origin is no name of a log, or keys is no list");
  }
  const keys = new Map();
  document.keys.forEach((item, number) => {
    const key = named(number, () => parseKey(item));
    if (keys.has(key.id)) throw new KeysMalformed(`key ${number}: ${key.id} stands there twice`);
    keys.set(key.id, key);
  });
  return { origin: document.origin, keys };
}

/**
 * The keys document in a file that people may have laid out; KeysMalformed if it is none.
 * @param {Uint8Array} data
 * @returns {object} the document, as verifyBundle takes it for `trust`
 */
export function readTrust(data) {
  try {
    if (data.length > KEYS_LIMIT) throw new NotCanonical(`more than ${KEYS_LIMIT} bytes`);
    const document = parseLaidOut(data);
    parseKeys(document);
    return document;
  } catch (error) {
    throw error instanceof NotCanonical ? new KeysMalformed(`no keys document: ${error.message}`) : error;
  }
}

/** The name, a hyphen and the first 8 hexadecimal digits of the SHA-256 of the public key. @returns {string} */
export function keyId(name, publicKey) {
  return `${name}-${sha256Hex(publicKey).slice(0, 8)}`;
}

/** The key of this id; KeyRefused if there is none. @returns {PublicKey} */
export function keyOf(list, id) {
  const key = list.keys.get(id);
  if (key === undefined) throw new KeyRefused(`key ${id} is not in the list`);
  return key;
}

/** Was the key in use at this time, give or take the grace? @returns {boolean} */
export function wasValidAt(key, at) {
  return wasValidBetween(key, at, at);
}

/** Was there a moment from `first` to `last` at which the key was in use? @returns {boolean} */
export function wasValidBetween(key, first, last) {
  return key.from - GRACE <= last && (key.to === undefined || first <= key.to + GRACE);
}

/** The ledger keys, as they sign checkpoints under the origin. @returns {{name: string, publicKey: Uint8Array}[]} */
export function noteKeys(list) {
  return [...list.keys.values()]
    .filter((key) => key.name === "ledger" && key.algorithm === "Ed25519")
    .map((key) => ({ name: list.origin, publicKey: key.publicKey }));
}

/** KeyRefused unless every key that names a predecessor is signed by it. */
export async function mustHoldTogether(list, verifier = webCrypto) {
  for (const key of list.keys.values()) {
    if (key.predecessor !== undefined) await mustFollow(key, keyOf(list, key.predecessor), verifier);
  }
}

/**
 * What the offered list says otherwise than the trusted one, or null; one list may know the end of a key first.
 * @param {PublicKeys} offered
 * @param {PublicKeys} trusted
 * @returns {string | null}
 */
export function contradiction(offered, trusted) {
  if (offered.origin !== trusted.origin) return `the log is ${offered.origin}, the trusted one ${trusted.origin}`;
  for (const mine of offered.keys.values()) {
    const theirs = trusted.keys.get(mine.id);
    if (theirs === undefined) continue;
    const differing = [...REQUIRED, ...OPTIONAL].sort().filter((name) => mine[name] !== theirs[name]);
    const onlyTheEnd = differing.length === 1 && differing[0] === "to";
    const known = mine.to === undefined || (theirs.to === undefined && endsWithNext(offered, mine));
    if (differing.length > 0 && !(onlyTheEnd && known)) {
      return `${differing[0]} of key ${mine.id} is not that of the trusted list`;
    }
  }
  return null;
}

/**
 * The key as the trusted list has it, or as offered if its predecessors lead to a trusted key; else KeyRefused.
 * @param {PublicKeys} offered
 * @param {string} id
 * @param {PublicKeys} trusted
 * @returns {Promise<PublicKey>}
 */
export async function reach(offered, id, trusted, verifier = webCrypto) {
  const wanted = trusted.keys.get(id) ?? keyOf(offered, id);
  const seen = new Set([id]);
  let follower = wanted;
  while (!trusted.keys.has(follower.id)) {
    if (follower.predecessor === undefined || seen.has(follower.predecessor)) {
      throw new KeyRefused(`key ${id} does not reach a trusted key: ${follower.id} stands by itself`);
    }
    seen.add(follower.predecessor);
    const leader = trusted.keys.get(follower.predecessor) ?? keyOf(offered, follower.predecessor);
    await mustFollow(follower, leader, verifier);
    for (const known of trusted.keys.values()) {
      if (known.predecessor === leader.id && known.id !== follower.id) {
        throw new KeyRefused(`key ${leader.id} was followed by ${known.id}, not by ${follower.id}`);
      }
    }
    follower = leader;
  }
  return wanted;
}

/** KeyRefused unless the leader, of the same name and valid then, signed the follower. */
export async function mustFollow(follower, leader, verifier = webCrypto) {
  const { algorithm, publicKey } = leader;
  const { publicKey: _, to: __, signature: written = "", ...members } = follower;
  const signed = { algorithm, publicKey, kind: "key", message: canonical(members), signature: fromBase64url(written) };
  if (follower.name !== leader.name || !(await verify(signed, verifier))) {
    throw new KeyRefused(`key ${follower.id} is not signed by ${leader.id}`);
  }
  if (!wasValidAt(leader, follower.from)) {
    throw new KeyRefused(`key ${leader.id} was not valid when it signed ${follower.id}`);
  }
}

function endsWithNext(list, key) {
  return [...list.keys.values()].some((item) => item.predecessor === key.id && item.from === key.to);
}

function named(number, step) {
  try {
    return step();
  } catch (error) {
    throw error instanceof Refusal ? new KeysMalformed(`key ${number}: ${error.message}`) : error;
  }
}

function parseKey(item) {
  const has = (name) => Object.hasOwn(item, name);
  if (!isObject(item) || differingMembers(item, [...REQUIRED, ...OPTIONAL.filter(has)]).length > 0) {
    throw new Refusal(`not an object of ${REQUIRED.join(", ")} and, if it has them, ${OPTIONAL.join(", ")}`);
  }
  if (typeof item.name !== "string" || !NAME.test(item.name) || !ALGORITHMS.includes(item.algorithm)) {
    throw new Refusal("name or algorithm is unknown");
  }
  const publicKey = fromBase64url(item.public);
  if (!isPublicKey(item.algorithm, publicKey) || item.id !== keyId(item.name, publicKey)) {
    throw new Refusal("public is no key of this algorithm, or id is not that of the key");
  }
  if (!isInteger(item.from) || (has("to") && !isInteger(item.to, item.from))) {
    throw new Refusal("from or to is no time, or the key ends before it begins");
  }
  const follows = has("predecessor");
  if (follows !== has("signature") || (follows && typeof item.predecessor !== "string")) {
    throw new Refusal("predecessor and signature stand together or not at all");
  }
  if (follows) fromBase64url(item.signature); // Its form is checked here, what it covers by mustFollow.
  return { ...item, publicKey };
}
