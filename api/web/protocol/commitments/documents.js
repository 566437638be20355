/** The safety commitment itself (protocol §8b): its form, its digest, and the few bytes that are signed for it. */

import { concat, fromBase64url } from "../bytes.js";
import { differingMembers, isHash, isInteger, isLine, isObject, isUuid, parseCanonical } from "../canonical.js";
import { CommitmentMalformed, NotCanonical, Refusal } from "../refusals.js";
import { sha256 } from "../sha256.js";
import { DOMAINS, signingInput } from "../signatures.js";

/** The most bytes that a commitment may have. */
export const COMMITMENT_LIMIT = 524_288;
/** The bytes of a nonce. */
export const NONCE_SIZE = 32;

const REQUIRED = [
  "v", "mine", "mine_name", "year", "template", "clauses", "answers", "principal", "principal_name", "nonce",
];

/**
 * What the principal of a mine promises for a year; `nonce` as bytes.
 * @typedef {{mine: string, mine_name: string, year: number, template: {id: string, version: number},
 *   clauses: object[], answers: object[], principal: string, principal_name: string, nonce: Uint8Array,
 *   supersedes?: string}} Commitment
 */

/**
 * The commitment that these bytes are; CommitmentMalformed with the reason otherwise.
 * @param {Uint8Array} data
 * @returns {Commitment}
 */
export function decodeCommitment(data) {
  const members = read(data);
  const optional = Object.hasOwn(members, "supersedes") ? ["supersedes"] : [];
  const differing = differingMembers(members, [...REQUIRED, ...optional]);
  if (differing.length > 0) throw new CommitmentMalformed(`missing or unknown: ${differing.join(", ")}`);
  if (members.v !== DOMAINS.commitment) throw new CommitmentMalformed(`v is not ${DOMAINS.commitment}`);
  mustName(members);
  mustAnswer(members.clauses, members.answers);
  return { ...members, nonce: nonceOf(members.nonce) };
}

/** The digest of a commitment: the SHA-256 of its bytes. @returns {Uint8Array} */
export function digestOf(document) {
  return sha256(document);
}

/** What a key or a token signs: the nonce, then the digest. @returns {Uint8Array} */
export function messageOf(nonce, digest) {
  if (nonce.length !== NONCE_SIZE || digest.length !== 32) {
    throw new RangeError("the nonce and the digest of a commitment have 32 bytes each");
  }
  return concat(nonce, digest);
}

/** What a passkey is asked to sign: the SHA-256 of what a key would sign. @returns {Uint8Array} */
export function challengeOf(nonce, digest) {
  return sha256(signingInput("commitment", messageOf(nonce, digest)));
}

function read(data) {
  try {
    return parseCanonical(data, COMMITMENT_LIMIT);
  } catch (error) {
    throw error instanceof NotCanonical ? new CommitmentMalformed(error.message) : error;
  }
}

function mustName(members) {
  for (const name of ["mine", "principal"]) {
    if (!isUuid(members[name])) throw new CommitmentMalformed(`${name} is no UUID`);
    if (!isLine(members[`${name}_name`])) throw new CommitmentMalformed(`${name}_name is no line`);
  }
  const { year, template } = members;
  if (!isInteger(year, 1000, 9999)) throw new CommitmentMalformed("year is no year");
  if (!isObject(template) || differingMembers(template, ["id", "version"]).length > 0) {
    throw new CommitmentMalformed("template is no object of id and version");
  }
  if (!isUuid(template.id) || !isInteger(template.version, 1)) {
    throw new CommitmentMalformed("template has no UUID, or no version");
  }
  if (Object.hasOwn(members, "supersedes") && !isHash(members.supersedes)) {
    throw new CommitmentMalformed("supersedes is no SHA-256 in lower-case hex");
  }
}

/** Every clause has a key of its own, and each has its answer: nothing left open can be signed. */
function mustAnswer(clauses, answers) {
  const [keys, answered] = [keysOf("clauses", clauses), keysOf("answers", answers)];
  const [one, other] = [new Set(keys), new Set(answered)];
  const wrong = [...keys.filter((key) => !other.has(key)), ...answered.filter((key) => !one.has(key))];
  if (wrong.length > 0) {
    const first = wrong.sort(byCodePoint)[0];
    throw new CommitmentMalformed(`${first} is a clause without an answer, or an answer to no clause`);
  }
  if (keys.some((key, at) => key !== answered[at])) {
    throw new CommitmentMalformed("answers are not in the order of their clauses");
  }
}

function keysOf(name, listed) {
  if (!Array.isArray(listed) || !listed.every((one) => isObject(one) && isLine(one.key))) {
    throw new CommitmentMalformed(`${name} is no list of objects with a key`);
  }
  const keys = listed.map((one) => one.key);
  if (keys.length === 0 || new Set(keys).size !== keys.length) {
    throw new CommitmentMalformed(`${name} is empty, or a key stands there twice`);
  }
  return keys;
}

/** The order in which Python sorts text, so that both name the same key. */
function byCodePoint(left, right) {
  const [one, other] = [[...left], [...right]];
  const at = one.findIndex((sign, place) => sign !== other[place]);
  if (at < 0) return one.length - other.length;
  return at < other.length ? one[at].codePointAt(0) - other[at].codePointAt(0) : 1;
}

function nonceOf(text) {
  let nonce;
  try {
    nonce = fromBase64url(text);
  } catch (error) {
    throw error instanceof Refusal ? new CommitmentMalformed(`nonce is ${error.message}`) : error;
  }
  if (nonce.length !== NONCE_SIZE) {
    throw new CommitmentMalformed(`nonce has ${nonce.length} bytes, not ${NONCE_SIZE}`);
  }
  return nonce;
}
