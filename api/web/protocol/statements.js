/** The capture statement (protocol §3): what a device signs about one original at the moment it takes it (执法全过程记录). */

import { toBase64url } from "./bytes.js";
import { canonical, differingMembers, isHash, isInteger, isObject, isUuid, parseCanonical } from "./canonical.js";
import { NotCanonical, StatementMalformed } from "./refusals.js";
import { Sha256 } from "./sha256.js";
import { DOMAINS, signingInput } from "./signatures.js";

/** The most bytes that a statement may have. */
export const STATEMENT_LIMIT = 1024;
/** The bytes of each part of an original but the last: 8 MiB. */
export const PART_SIZE = 8 * 2 ** 20;
/** The largest original: 20 GiB. */
export const SIZE_LIMIT = 20 * 2 ** 30;
/** The highest number of a chain: a closing counts one more, and that must be an integer, too. */
export const LAST_SEQ = Number.MAX_SAFE_INTEGER - 1;
/** What the first statement of a chain (seq 0) names as the one before it. */
export const FIRST_PREV = "0".repeat(64);
/** 行政处罚法 第四十七条: 启动, 调查取证, 审核, 决定, 送达, 执行. */
export const STAGES = Object.freeze(["START", "INQUIRY", "REVIEW", "DECISION", "SERVICE", "EXECUTION"]);
/** Where a position came from. */
export const SOURCES = Object.freeze(["gnss", "manual", "none"]);

const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/;
const isTime = (value) => isInteger(value);
const UUID = [isUuid, "a lower-case UUID"];
const HASH = [isHash, "a SHA-256 in lower-case hex"];
const TIME = [isTime, "an integer of milliseconds"];

const PLACE = new Map([
  ...["lat", "lon", "accuracy", "altitude"].map((name) => [name, isTime]),
  ["site", isUuid],
  ["source", (value) => SOURCES.includes(value)],
]);

const MEMBERS = new Map(Object.entries({
  recording: UUID,
  device: UUID,
  seq: [(value) => isInteger(value, 0, LAST_SEQ), "an integer from 0 to 2^53 - 2"],
  prev: HASH,
  sha256: HASH,
  size: [(value) => isInteger(value, 1, SIZE_LIMIT), "an integer from 1 to 20 GiB"],
  parts_root: HASH,
  type: [(value) => typeof value === "string" && TYPE.test(value), "a lower-case media type"],
  wall: TIME,
  mono: TIME,
  boot: UUID,
  place: [isPlace, "an object of lat, lon, accuracy, altitude (integers), site (UUID) and source"],
  stage: [(value) => STAGES.includes(value), `one of ${STAGES.join(", ")}`],
  maker: UUID,
}));

/**
 * One statement without its `v`. Hashes are lower-case hex, ids lower-case UUIDs, wall and mono ms, size bytes.
 * @typedef {{recording: string, device: string, seq: number, prev: string, sha256: string, size: number,
 *   parts_root: string, type: string, wall: number, mono: number, boot: string,
 *   place: {lat?: number, lon?: number, accuracy?: number, altitude?: number, site?: string, source?: string},
 *   stage: string, maker: string}} Statement
 */

/** The bytes to sign; StatementMalformed if they could not be decoded again. @param {Statement} statement */
export function encodeStatement(statement) {
  const data = asStatement(() => canonical({ ...statement, v: DOMAINS.statement }));
  decodeStatement(data);
  return data;
}

/** The statement that these bytes are; StatementMalformed otherwise. @returns {Statement} */
export function decodeStatement(data) {
  const { v, ...members } = asStatement(() => parseCanonical(data, STATEMENT_LIMIT));
  if (v !== DOMAINS.statement) throw new StatementMalformed(`v is not ${DOMAINS.statement}`);
  const differing = differingMembers(members, MEMBERS.keys());
  if (differing.length > 0) throw new StatementMalformed(`missing or unknown: ${differing.join(", ")}`);
  for (const [name, [holds, what]] of MEMBERS) {
    if (!holds(members[name])) throw new StatementMalformed(`${name} is not ${what}`);
  }
  if (members.seq === 0 && members.prev !== FIRST_PREV) {
    throw new StatementMalformed("prev is not 64 zeros although seq is 0");
  }
  return members;
}

/** What the device signs: the statement's own first line, then its bytes. @returns {Uint8Array} */
export function statementSigningInput(data) {
  return signingInput("statement", data);
}

/**
 * The statement's bytes with the device's signature, as `declareEvidence` takes them.
 * @param {Statement} statement
 * @param {import("./signatures.js").Signer} signer
 * @returns {Promise<{statement: string, signature: string}>} both base64url
 */
export async function signStatement(statement, signer) {
  const data = encodeStatement(statement);
  return { statement: toBase64url(data), signature: toBase64url(await signer.sign(statementSigningInput(data))) };
}

/** SHA-256 over the concatenated SHA-256 (32 bytes each) of the 8 MiB parts, in order. @returns {Uint8Array} */
export function partsRoot(parts) {
  const root = new Sha256();
  for (const part of parts) {
    if (part.length !== 32) throw new RangeError("the SHA-256 of a part has 32 bytes");
    root.update(part);
  }
  return root.digest();
}

function asStatement(step) {
  try {
    return step();
  } catch (error) {
    throw error instanceof NotCanonical ? new StatementMalformed(error.message) : error;
  }
}

function isPlace(value) {
  return isObject(value) && Object.entries(value).every(([name, item]) => PLACE.get(name)?.(item) === true);
}
