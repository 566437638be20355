/** Closings (protocol §9): what two officers sign when they close a recording, and whether its statements agree. */

import { fromBase64url, toBase64url } from "./bytes.js";
import {
  canonical, differingMembers, isHash, isInteger, isLine, isObject, isUuid, LINE_LIMIT, parseCanonical,
} from "./canonical.js";
import { ClosingMalformed, Refusal } from "./refusals.js";
import { sha256Hex } from "./sha256.js";
import { DOMAINS, isPublicKey, verify, webCrypto } from "./signatures.js";
import { FIRST_PREV } from "./statements.js";

/** The most bytes that a closing may have. */
export const CLOSING_LIMIT = 131_072;
/** The most bytes of a closing with its two signatures. */
export const CLOSED_LIMIT = 196_608;

const CLOSED_VERSION = "pithead/closed/1";
const CLOSED_KIND = "recording.closed";
const OFFICER = ["device", "maker", "algorithm", "public", "signature"];

/**
 * A closing without its `v`: the closing officer's account, the device's time, each device's count and the SHA-256 of
 * its last statement, and the seqs of which the record has no original, with the reason.
 * @typedef {{recording: string, closer: string, at: number,
 *   chains: {device: string, count: number, last: string}[],
 *   gaps: {device: string, first: number, last: number, reason: string}[]}} Closing
 */

/**
 * Who signed a closing: the device, its owner's account, and the device's key.
 * @typedef {{device: string, maker: string, algorithm: string, publicKey: Uint8Array}} Officer
 */

/** The bytes that both officers sign; ClosingMalformed if they could not be decoded again. @param {Closing} closing */
export function encodeClosing({ recording, closer, at, chains, gaps }) {
  const sorted = {
    chains: [...chains].sort((left, right) => (left.device < right.device ? -1 : 1)),
    gaps: [...gaps].sort((left, right) => (isAfter(left, right.device, right.first) ? 1 : -1)),
  };
  const data = refusing("", () => canonical({ v: DOMAINS.closing, recording, closer, at, ...sorted }));
  decodeClosing(data);
  return data;
}

/** The closing that these bytes are; ClosingMalformed otherwise. @param {Uint8Array} data @returns {Closing} */
export function decodeClosing(data) {
  const closing = read(data, CLOSING_LIMIT, ["v", "recording", "closer", "at", "chains", "gaps"], DOMAINS.closing);
  if (!isUuid(closing.recording) || !isUuid(closing.closer) || !isInteger(closing.at)) {
    throw new ClosingMalformed("recording or closer is no UUID, or at is no time");
  }
  mustBeChains(closing.chains);
  mustBeGaps(closing.gaps, new Map(closing.chains.map(({ device, count }) => [device, count])));
  for (const { device, count, last } of closing.chains) {
    const unknown = count === 0 || closing.gaps.some((gap) => gap.device === device && gap.last === count - 1);
    if ((last === FIRST_PREV) !== unknown) {
      throw new ClosingMalformed(`last of device ${device} is 64 zeros exactly if no last statement is known`);
    }
  }
  const { v: _, ...members } = closing;
  return members;
}

/**
 * The file that keeps a closing with both signatures over its bytes (kinds closing and cosign).
 * @param {Uint8Array} closing
 * @param {Officer & {signature: Uint8Array}} signed
 * @param {Officer & {signature: Uint8Array}} cosigned
 * @returns {Uint8Array}
 */
export function makeClosed(closing, signed, cosigned) {
  const written = ({ device, maker, algorithm, publicKey, signature }) =>
    ({ device, maker, algorithm, public: toBase64url(publicKey), signature: toBase64url(signature) });
  const parts = { closing: toBase64url(closing), signed: written(signed), cosigned: written(cosigned) };
  return canonical({ v: CLOSED_VERSION, ...parts });
}

/**
 * The closing in a file if two different officers signed it by two devices; ClosingMalformed otherwise. Whether the
 * keys are those of these officers' devices is for the caller to find out.
 * @param {Uint8Array} data
 * @param {import("./signatures.js").Verifier} [verifier]
 * @returns {Promise<{closing: Closing, closer: Officer, cosigner: Officer}>}
 */
export async function readClosed(data, verifier = webCrypto) {
  const file = read(data, CLOSED_LIMIT, ["v", "closing", "signed", "cosigned"], CLOSED_VERSION);
  const bytes = refusing("closing is ", () => fromBase64url(file.closing));
  const closing = decodeClosing(bytes);
  const closer = await readOfficer(file.signed, "closing", bytes, verifier);
  const cosigner = await readOfficer(file.cosigned, "cosign", bytes, verifier);
  if (closer.maker !== closing.closer) throw new ClosingMalformed("signed is not by the closer");
  const one = ["maker", "device"].some((name) => closer[name] === cosigner[name]);
  if (one || toBase64url(closer.publicKey) === toBase64url(cosigner.publicKey)) {
    throw new ClosingMalformed("cosigned is by the same officer, device or key");
  }
  return { closing, closer, cosigner };
}

/** ClosingMalformed unless this entry of the log took this very closing, signed by these keys. */
export function mustBeEntered(entry, { closing, closer, cosigner }) {
  if (entry.kind !== CLOSED_KIND || entry.subject !== closing.recording) {
    throw new ClosingMalformed(`the entry is not ${CLOSED_KIND} of recording ${closing.recording}`);
  }
  const { data } = entry;
  const held = {
    recording: data.recording === closing.recording,
    closing: data.closing === sha256Hex(encodeClosing(closing)),
    signed: isNamed(data.signed, closer),
    cosigned: isNamed(data.cosigned, cosigner),
  };
  for (const [name, holds] of Object.entries(held)) {
    if (!holds) throw new ClosingMalformed(`${name} in the entry is not that of the closing`);
  }
}

function isNamed(value, { device, maker, algorithm, publicKey }) {
  const named = { device, maker, algorithm, public: toBase64url(publicKey) };
  if (!isObject(value) || differingMembers(value, Object.keys(named)).length > 0) return false;
  return Object.entries(named).every(([name, expected]) => value[name] === expected);
}

/**
 * What the chains of this recording, as they were found, say otherwise than the closing; sorted by device.
 * @param {Closing} closing
 * @param {import("./chains.js").Chain[]} chains
 * @returns {string[]}
 */
export function contradictionsOf(closing, chains) {
  const found = new Map(chains.filter((one) => one.recording === closing.recording).map((one) => [one.device, one]));
  const listed = closing.chains.map(({ device }) => device);
  const strangers = [...found.keys()].filter((device) => !listed.includes(device)).sort();
  const said = strangers.map((device) => `device ${device} is not in the closing`);
  for (const { device, count, last } of closing.chains) {
    const chain = found.get(device) ?? { count: 0, last: FIRST_PREV, gaps: [] };
    if (chain.count > count) {
      said.push(`device ${device} has ${chain.count} statements, the closing says ${count}`);
    } else if (found.has(device) && chain.count === count && last !== chain.last && last !== FIRST_PREV) {
      said.push(`the last statement of device ${device} is not that of the closing`);
    }
    const explained = closing.gaps.filter((gap) => gap.device === device);
    for (const [first, end] of [...chain.gaps, [chain.count, count - 1]].flatMap((run) => without(run, explained))) {
      said.push(`seq ${first} to ${end} of device ${device} is missing, and the closing gives no reason`);
    }
  }
  return said;
}

/** The parts of a run of seqs that no gap explains. */
function without([start, end], gaps) {
  const runs = [];
  let from = start;
  for (const { first, last } of gaps) {
    if (first > end) break;
    if (first > from && first <= end) runs.push([from, first - 1]);
    if (first <= end && last >= from) from = last + 1;
  }
  return from <= end ? [...runs, [from, end]] : runs;
}

function mustBeChains(chains) {
  let before = "";
  for (const { device, count, last } of objects(chains, "chains", ["device", "count", "last"])) {
    if (!isUuid(device) || !isInteger(count, 0) || !isHash(last)) {
      throw new ClosingMalformed("chains: device is no UUID, count no integer from 0, or last no SHA-256");
    }
    if (device <= before) throw new ClosingMalformed("chains are not sorted by device, each once");
    before = device;
  }
}

function mustBeGaps(gaps, counts) {
  let before = null;
  for (const gap of objects(gaps, "gaps", ["device", "first", "last", "reason"])) {
    const { device, first, last, reason } = gap;
    if (!isUuid(device) || !isInteger(first, 0) || !isInteger(last, first)) {
      throw new ClosingMalformed("gaps: device is no UUID, or first to last are no sequence numbers");
    }
    if (!isLine(reason)) {
      throw new ClosingMalformed(`gaps: reason is no line of 1 to ${LINE_LIMIT} bytes`);
    }
    if (!(last < counts.get(device))) {
      throw new ClosingMalformed(`gaps: seq ${last} is not in the chain of device ${device}`);
    }
    if (before !== null && !isAfter(gap, before.device, before.last)) {
      throw new ClosingMalformed("gaps are not sorted by device and seq, or overlap");
    }
    before = gap;
  }
}

function isAfter(gap, device, seq) {
  return gap.device > device || (gap.device === device && gap.first > seq);
}

async function readOfficer(value, kind, message, verifier) {
  const where = kind === "closing" ? "signed" : "cosigned";
  if (!isObject(value) || differingMembers(value, OFFICER).length > 0) {
    throw new ClosingMalformed(`${where} is not an object of ${OFFICER.join(", ")}`);
  }
  const { device, maker, algorithm } = value;
  if (!isUuid(device) || !isUuid(maker)) throw new ClosingMalformed(`${where}: device or maker is no UUID`);
  const publicKey = refusing(`${where}: public is `, () => fromBase64url(value.public));
  if (!isPublicKey(algorithm, publicKey)) {
    throw new ClosingMalformed(`${where}: public is no key of the algorithm named`);
  }
  const signature = refusing(`${where}: signature is `, () => fromBase64url(value.signature));
  if (!(await verify({ algorithm, publicKey, kind, message, signature }, verifier))) {
    throw new ClosingMalformed(`${where}: signature is not that of the key over the closing`);
  }
  return { device, maker, algorithm, publicKey };
}

function read(data, limit, names, version) {
  const members = refusing("", () => parseCanonical(data, limit));
  const differing = differingMembers(members, names);
  if (differing.length > 0) throw new ClosingMalformed(`missing or unknown: ${differing.join(", ")}`);
  if (members.v !== version) throw new ClosingMalformed(`v is not ${version}`);
  return members;
}

function objects(value, name, members) {
  const closed = (item) => isObject(item) && differingMembers(item, members).length === 0;
  if (!Array.isArray(value) || !value.every(closed)) {
    throw new ClosingMalformed(`${name} is no list of objects of ${members.join(", ")}`);
  }
  return value;
}

function refusing(where, step) {
  try {
    return step();
  } catch (error) {
    throw error instanceof Refusal ? new ClosingMalformed(`${where}${error.message}`) : error;
  }
}
