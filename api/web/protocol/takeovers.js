/** Takeovers (protocol §3a): the paper by which an officer says from whom, how and when he took a file over. */

import { fromBase64url, toBase64url } from "./bytes.js";
import {
  canonical, differingMembers, isHash, isInteger, isLine, isUuid, LINE_LIMIT, parseCanonical,
} from "./canonical.js";
import { Refusal, TakeoverMalformed } from "./refusals.js";
import { sha256Hex } from "./sha256.js";
import { DOMAINS, verify, webCrypto } from "./signatures.js";

/** The most bytes that a takeover paper may have. */
export const TAKEOVER_LIMIT = 2_048;
/** The most bytes of a paper with its signature. */
export const TAKEN_OVER_LIMIT = 4_096;
/** The grade of the piece that a paper stands beside. */
export const TAKEN_OVER = "TAKEN_OVER";

const FILE_VERSION = "pithead/taken-over/1";
const MEMBERS = ["v", "statement", "from", "how", "at", "device", "maker"];

/**
 * A takeover without its `v`: the SHA-256 of the statement about the file, from whom and how it came (lines that people
 * read), the device's time, and device and account, which are those of the statement.
 * @typedef {{statement: string, from: string, how: string, at: number, device: string, maker: string}} Takeover
 */

/** The bytes that are signed (kind takeover); TakeoverMalformed. @param {Takeover} takeover @returns {Uint8Array} */
export function encodeTakeover({ statement, from, how, at, device, maker }) {
  const data = refusing("", () => canonical({ v: DOMAINS.takeover, statement, from, how, at, device, maker }));
  decodeTakeover(data);
  return data;
}

/** The takeover that these bytes are; TakeoverMalformed otherwise. @param {Uint8Array} data @returns {Takeover} */
export function decodeTakeover(data) {
  const { v: _, ...paper } = read(data, TAKEOVER_LIMIT, MEMBERS, DOMAINS.takeover);
  if (!isHash(paper.statement) || !isInteger(paper.at)) {
    throw new TakeoverMalformed("statement is no SHA-256, or at is no time");
  }
  if (!isUuid(paper.device) || !isUuid(paper.maker)) throw new TakeoverMalformed("device or maker is no UUID");
  if (!isLine(paper.from) || !isLine(paper.how)) {
    throw new TakeoverMalformed(`from or how is no line of 1 to ${LINE_LIMIT} bytes`);
  }
  return paper;
}

/** The file that keeps a paper with its signature. @returns {Uint8Array} */
export function makeTakenOver(paper, signature) {
  return canonical({ v: FILE_VERSION, paper: toBase64url(paper), signature: toBase64url(signature) });
}

/**
 * The paper in a file, signed by the device of the sealed entry about this statement; TakeoverMalformed otherwise.
 * @param {Uint8Array} data
 * @param {{statement: Uint8Array, entry: object}} piece as factsOf() of its bundle gives it
 * @returns {Promise<Takeover>}
 */
export async function readTakenOver(data, { statement, entry }, verifier = webCrypto) {
  const file = read(data, TAKEN_OVER_LIMIT, ["v", "paper", "signature"], FILE_VERSION);
  if (entry.grade !== TAKEN_OVER) throw new TakeoverMalformed(`grade is ${entry.grade}, not ${TAKEN_OVER}`);
  const message = refusing("paper is ", () => fromBase64url(file.paper));
  const signature = refusing("signature is ", () => fromBase64url(file.signature));
  const paper = decodeTakeover(message);
  if (paper.statement !== sha256Hex(statement)) throw new TakeoverMalformed("statement is not that of the piece");
  if (paper.device !== entry.device || paper.maker !== entry.maker) {
    throw new TakeoverMalformed("device or maker is not that of the statement");
  }
  const publicKey = fromBase64url(entry.device_key);
  if (!(await verify({ algorithm: entry.algorithm, publicKey, kind: "takeover", message, signature }, verifier))) {
    throw new TakeoverMalformed("signature is not that of the device's key over the paper");
  }
  return paper;
}

function read(data, limit, names, version) {
  const members = refusing("", () => parseCanonical(data, limit));
  const differing = differingMembers(members, names);
  if (differing.length > 0) throw new TakeoverMalformed(`missing or unknown: ${differing.join(", ")}`);
  if (members.v !== version) throw new TakeoverMalformed(`v is not ${version}`);
  return members;
}

function refusing(where, step) {
  try {
    return step();
  } catch (error) {
    throw error instanceof Refusal ? new TakeoverMalformed(`${where}${error.message}`) : error;
  }
}
