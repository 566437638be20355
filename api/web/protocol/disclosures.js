/** Checking a disclosure (protocol §8c): a published copy with all its entries, their proofs and keys, asking no one. */

import { utf8 } from "./bytes.js";
import { differingMembers, isHash, parseCanonical } from "./canonical.js";
import { decodeEntry } from "./entries.js";
import { contradiction, mustHoldTogether, parseKeys } from "./keys.js";
import { included, mustReach, signedCheckpoint } from "./places.js";
import { mustNameAPlace } from "./receipts.js";
import { Refusal } from "./refusals.js";
import { sha256Hex } from "./sha256.js";
import { webCrypto } from "./signatures.js";
import { Checks, Status, verdictOf } from "./verdicts.js";

/** The most bytes of a bundle, and of the copy in it. */
export const DISCLOSURE_LIMIT = 1_048_576;
export const COPY_LIMIT = 131_072;

const BUNDLE_VERSION = "pithead/disclosure-bundle/1";
const COPY_VERSION = "pithead/disclosure/1";
const MOST_EVENTS = 200;
const MEMBERS = ["v", "copy", "entries", "checkpoint", "keys"];
const PLACE = ["payload", "salt", "position", "proof"];
const DATA = ["kind", "ordinal", "edition", "digest", "basis", "reason"];
const SHOWING = ["published", "corrected", "disputed", "restored"].map((kind) => `disclosure.${kind}`);
const ENDING = ["withdrawn", "repaired", "expired"].map((kind) => `disclosure.${kind}`);
const LAST = Number.MAX_SAFE_INTEGER;

/**
 * Check a disclosure's bundle, and whether its keys reach the trusted ones if given.
 *
 * The checks stand in a fixed order; the first that fails is named in the summary. Rejects for nothing that it is given
 * to check, only with HostLacks where the host cannot verify a signature at all. Whether the disclosure was corrected or
 * taken down after the bundle was made, no bundle can say: its permalink does.
 * @param {Uint8Array} data the bundle's bytes
 * @param {{trust?: object | null, verifier?: import("./signatures.js").Verifier}} [options]
 * @returns {Promise<import("./verdicts.js").Verdict>}
 */
export async function verifyDisclosure(data, { trust = null, verifier = webCrypto } = {}) {
  const checks = new Checks();
  const parts = await checks.run("bundle", [], () => read(data));
  const keys = await checks.run("keys", [parts], (found) => readKeys(found, verifier));
  const copy = await checks.run("copy", [parts], readCopy);
  const said = await checks.run("entries", [parts], readEntries);
  await checks.run("agreement", [parts, copy, said], checkAgreement);
  const signed = await checks.run("checkpoint", [parts, said, keys], (...found) => readCheckpoint(...found, verifier));
  await checks.run("inclusion", [parts, signed], checkInclusion);
  if (trust === null) {
    checks.skip("trust", "no trusted keys given: anyone could have made this bundle");
  } else {
    await checks.run("trust", [keys, signed, said], (...found) => checkTrust(trust, found, verifier));
  }
  return verdict(checks.made, copy, said, trust !== null);
}

function read(data) {
  const members = parseCanonical(data, DISCLOSURE_LIMIT);
  if (differingMembers(members, MEMBERS).length > 0 || members.v !== BUNDLE_VERSION) {
    throw new Refusal(`not an object of ${[...MEMBERS].sort().join(", ")} with v ${BUNDLE_VERSION}`);
  }
  if (typeof members.copy !== "string" || typeof members.checkpoint !== "string") {
    throw new Refusal("copy or checkpoint is no text");
  }
  const { entries } = members;
  if (!Array.isArray(entries) || entries.length < 1 || entries.length > MOST_EVENTS) {
    throw new Refusal(`entries is no list of 1 to ${MOST_EVENTS}`);
  }
  entries.forEach((item, at) => {
    if (differingMembers(item, PLACE).length > 0) {
      throw new Refusal(`entry ${at} is no object of ${[...PLACE].sort().join(", ")}`);
    }
    named(at, () => mustNameAPlace({ ...item, checkpoint: "" }));
  });
  return [members, `canonical, ${data.length} bytes`];
}

function named(at, step) {
  try {
    return step();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`entry ${at}: ${error.message}`) : error;
  }
}

async function readKeys(members, verifier) {
  const list = parseKeys(members.keys);
  await mustHoldTogether(list, verifier);
  return [list, `${list.keys.size} keys of ${list.origin}`];
}

function readCopy({ copy }) {
  const members = parseCanonical(utf8(copy), COPY_LIMIT);
  if (members.v !== COPY_VERSION || typeof members.kind !== "string") {
    throw new Refusal(`v is not ${COPY_VERSION}, or it does not say what kind it is`);
  }
  return [members, `${members.kind}, ${utf8(copy).length} bytes`];
}

/** Those of one disclosure from its publication on, each behind the one before it; the last still shows it. */
function readEntries({ entries }) {
  const found = entries.map((item, at) => named(at, () => decodeEntry(utf8(item.payload))));
  found.forEach(({ kind, data, subject }, at) => {
    const known = SHOWING.includes(kind) || ENDING.includes(kind);
    if (!known || differingMembers(data, DATA).length > 0 || !isHash(data.digest)) {
      throw new Refusal(`entry ${at}: it is of no disclosure`);
    }
    if (subject !== found[0].subject || data.ordinal !== at) {
      throw new Refusal(`entry ${at}: it is of another disclosure, or one before it was left out`);
    }
  });
  const positions = entries.map((item) => BigInt(item.position));
  if (found[0].kind !== SHOWING[0] || positions.some((one, at) => at > 0 && one <= positions[at - 1])) {
    throw new Refusal("they do not begin with its publication, or stand in another order than in the log");
  }
  const last = found[found.length - 1];
  if (ENDING.includes(last.kind)) throw new Refusal(`it was taken down: ${last.kind} at ${timeText(last.at)}`);
  return [found, `${found.length}, the last ${last.kind} at ${timeText(last.at)}`];
}

function checkAgreement({ copy }, { kind }, said) {
  const { data } = said[said.length - 1];
  const digest = sha256Hex(utf8(copy));
  if (data.digest !== digest) throw new Refusal(`the copy has digest ${digest}; its last entry names ${data.digest}`);
  if (data.kind !== kind) throw new Refusal(`the copy is a ${kind}; its last entry names a ${data.kind}`);
  return [true, `edition ${data.edition}, digest ${digest}`];
}

async function readCheckpoint(members, said, keys, verifier) {
  const { at } = said[said.length - 1];
  const [signed, where] = await signedCheckpoint(members, keys, { first: at, last: LAST, verifier });
  const strange = signed.checkpoint.signatures.find((line) => line.key === null);
  if (strange) throw new Refusal(`there is a signature of ${strange.name} that no key of the list can check`);
  return [signed, where];
}

function checkInclusion({ entries }, signed) {
  const found = entries.map((item, at) => named(at, () => included(item, signed)));
  return [true, `${found.length} of ${found.length}, the last at ${found[found.length - 1][1]}`];
}

async function checkTrust(document, [keys, signed, said], verifier) {
  const trusted = parseKeys(document);
  const otherwise = contradiction(keys, trusted);
  if (otherwise !== null) throw new Refusal(otherwise);
  await mustReach(keys, signed, trusted, { first: said[said.length - 1].at, last: LAST, verifier });
  return [true, `${signed.ledgers[0].id} reaches the trusted keys of ${trusted.origin}`];
}

function timeText(at) {
  const readable = at >= Date.UTC(1970) - 62_135_596_800_000 && at < Date.UTC(10_000);
  return readable ? new Date(at).toISOString().replace("Z", "+00:00") : `at ${at} ms`;
}

function verdict(made, copy, said, trusted) {
  const failed = made.find((check) => check.ok === false);
  if (failed) return verdictOf(Status.BROKEN, made, `BROKEN: disclosure: ${failed.name}: ${failed.detail}`);
  const status = trusted ? Status.VERIFIED : Status.CONSISTENT_BUT_UNTRUSTED;
  const last = said[said.length - 1];
  const told = `${copy.kind} ${said[0].subject}, edition ${last.data.edition}, ${last.kind.split(".")[1]}`;
  return verdictOf(status, made, `${status}: disclosure of ${told} at ${timeText(last.at)}`);
}
