/** Checking a bundle (protocol §8): one original with its statement, signatures, receipts and keys, asking no one. */

import { fromBase64url, toBase64url } from "./bytes.js";
import { canonical, differingMembers, parseCanonical } from "./canonical.js";
import { contradiction, keyOf, mustHoldTogether, parseKeys, reach } from "./keys.js";
import { isPlainName } from "./names.js";
import { measure } from "./originals.js";
import { included, mustReach, signedCheckpoint } from "./places.js";
import { mustBeSigned, mustBeValid, readDeclared, readSealed, readSealedEntry } from "./receipts.js";
import { Refusal } from "./refusals.js";
import { sha256Hex } from "./sha256.js";
import { isPublicKey, verify, webCrypto } from "./signatures.js";
import { decodeStatement } from "./statements.js";
import { Checks, printable, Status, timeText, verdictOf } from "./verdicts.js";

/** The bundle's version. */
export const BUNDLE_VERSION = "pithead/bundle/1";
/** The most bytes that a bundle may have. */
export const BUNDLE_LIMIT = 262_144;
/** What the check of the original says if there was none. */
export const NOT_GIVEN = "original not given: bytes not checked";

const MEMBERS = ["v", "file", "statement", "signature", "declared", "sealed", "keys"];

/**
 * The bundle file that lies beside the original `file`.
 * @param {{file: string, statement: Uint8Array, signature: Uint8Array, declared: object, sealed: object,
 *   keys: object}} parts the keys are the keys document
 * @returns {Uint8Array}
 */
export function makeBundle({ file, statement, signature, declared, sealed, keys }) {
  const binary = { statement: toBase64url(statement), signature: toBase64url(signature) };
  return canonical({ v: BUNDLE_VERSION, file, ...binary, declared, sealed, keys });
}

/**
 * Check a bundle, its original if given, and whether its keys reach the trusted ones if given.
 *
 * The checks stand in a fixed order; the first that fails is named in the summary. Rejects for nothing that it is given
 * to check, only with HostLacks where the host cannot verify a signature at all.
 * @param {Uint8Array} data the bundle's bytes
 * @param {object} [options]
 * @param {import("./originals.js").Source | null} [options.original]
 * @param {string} [options.name] the original's file name, if it is known; that of a File is taken by itself
 * @param {object | null} [options.trust] the keys document that is trusted
 * @param {import("./signatures.js").Verifier} [options.verifier]
 * @param {{update(bytes: Uint8Array): unknown, digest(): Uint8Array}} [options.whole] a faster streaming SHA-256
 * @returns {Promise<import("./verdicts.js").Verdict>}
 */
export async function verifyBundle(data, { original = null, name, trust = null, verifier = webCrypto, whole } = {}) {
  const checks = new Checks();
  const bundle = await checks.run("bundle", [], () => read(data));
  const keys = await checks.run("keys", [bundle], (parts) => readKeys(parts, verifier));
  const signed = await checks.run("statement", [bundle], readStatement);
  const declared = await checks.run("declared", [bundle, signed], checkDeclared);
  const promise = await checks.run("declared-signature", [declared, keys], (receipt, list) =>
    receiptKey(receipt, "declared", "promise", list, verifier));
  const sealed = await checks.run("sealed", [bundle], (parts) => [readSealed(parts.sealed), "shape"]);
  const entry = await checks.run("entry", [sealed], checkEntry);
  const receipt = await checks.run("sealed-signature", [sealed, keys], (found, list) =>
    receiptKey(found, "sealed", "receipt", list, verifier));
  await checks.run("agreement", [entry, sealed, declared, signed], checkAgreement);
  await checks.run("statement-signature", [bundle, signed, entry], (...found) => checkDevice(...found, verifier));
  const checkpoint = await checks.run("checkpoint", [sealed, entry, keys], (found, { at }, list) =>
    signedCheckpoint(found, list, { first: at, last: found.at, verifier }));
  await checks.run("inclusion", [sealed, checkpoint], included);
  if (trust === null) {
    checks.skip("trust", "no trusted keys given: anyone could have made this bundle");
  } else {
    const needed = [keys, promise, receipt, checkpoint, declared, sealed, entry];
    await checks.run("trust", needed, (...found) => checkTrust(trust, found, verifier));
  }
  if (original === null) {
    checks.skip("original", NOT_GIVEN);
  } else {
    await checks.run("original", [bundle, signed], ({ file }, { statement }) =>
      checkOriginal(original, name ?? original.name, file, statement, whole));
  }
  return verdict(checks.made, { trusted: trust !== null, file: bundle?.file, entry, sealed });
}

/**
 * The statement's bytes, and the data of the sealed entry; Refusal unless both have their form.
 * @param {Uint8Array} data
 * @returns {{statement: Uint8Array, entry: object}}
 */
export function factsOf(data) {
  const [bundle] = read(data);
  return { statement: readStatement(bundle)[0].data, entry: readSealedEntry(readSealed(bundle.sealed).payload).data };
}

/** The name of the original that a bundle speaks of; null if the bytes are no bundle. @returns {string | null} */
export function fileOf(data) {
  try {
    return read(data)[0].file;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function read(data) {
  const bundle = parseCanonical(data, BUNDLE_LIMIT);
  const differing = differingMembers(bundle, MEMBERS);
  if (differing.length > 0) throw new Refusal(`missing or unknown: ${differing.join(", ")}`);
  if (bundle.v !== BUNDLE_VERSION) throw new Refusal(`v is not ${BUNDLE_VERSION}`);
  if (!isPlainName(bundle.file)) throw new Refusal("file is no plain file name");
  return [bundle, `canonical, ${data.length} bytes`];
}

async function readKeys(bundle, verifier) {
  const list = parseKeys(bundle.keys);
  await mustHoldTogether(list, verifier);
  return [list, `${list.keys.size} keys of ${list.origin}`];
}

function readStatement(bundle) {
  const data = binary(bundle, "statement");
  const statement = decodeStatement(data);
  return [{ data, statement }, `seq ${statement.seq} of recording ${statement.recording}`];
}

function binary(members, name) {
  try {
    return fromBase64url(members[name]);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`${name} is ${error.message}`) : error;
  }
}

function checkDeclared(bundle, { data }) {
  const declared = readDeclared(bundle.declared);
  mustEqual("statement", declared.statement, sha256Hex(data), "the SHA-256 of the statement's bytes");
  return [declared, `declared ${timeText(declared.at)}`];
}

async function receiptKey(receipt, kind, name, list, verifier) {
  const key = keyOf(list, receipt.key);
  await mustBeSigned(receipt, kind, key, verifier);
  mustBeValid(key, name, receipt.at);
  return [key, `signed by ${key.id}`];
}

function checkEntry(sealed) {
  const entry = readSealedEntry(sealed.payload);
  return [entry, `${entry.kind} ${entry.id}, ${timeText(entry.at)}, ${entry.data.grade}`];
}

function checkAgreement(entry, sealed, declared, { data, statement }) {
  const what = "that of the declared receipt";
  mustEqual("sealed.evidence", sealed.evidence, declared.evidence, what);
  mustEqual("entry.data.evidence", entry.data.evidence, declared.evidence, what);
  mustEqual("entry.data.declared_at", entry.data.declared_at, declared.at, "at of the declared receipt");
  mustEqual("entry.data.statement", entry.data.statement, sha256Hex(data), "the SHA-256 of the statement's bytes");
  for (const name of ["recording", "device", "sha256", "size", "maker"]) {
    mustEqual(`entry.data.${name}`, entry.data[name], statement[name], "that of the statement");
  }
  return [true, "entry, receipts and statement name the same evidence"];
}

async function checkDevice(bundle, { data }, entry, verifier) {
  const { algorithm, device } = entry.data;
  const publicKey = binary(entry.data, "device_key");
  if (!isPublicKey(algorithm, publicKey)) throw new Refusal("device_key is no public key of the algorithm named");
  const signed = { algorithm, publicKey, kind: "statement", message: data, signature: binary(bundle, "signature") };
  if (!(await verify(signed, verifier))) {
    throw new Refusal("signature is not that of the device's key over the statement's bytes");
  }
  return [true, `${algorithm} by device ${device}`];
}

async function checkTrust(document, [keys, promise, receipt, signed, declared, sealed, entry], verifier) {
  const trusted = parseKeys(document);
  const otherwise = contradiction(keys, trusted);
  if (otherwise !== null) throw new Refusal(otherwise);
  mustBeValid(await reach(keys, promise.id, trusted, verifier), "promise", declared.at);
  mustBeValid(await reach(keys, receipt.id, trusted, verifier), "receipt", sealed.at);
  await mustReach(keys, signed, trusted, { first: entry.at, last: sealed.at, verifier });
  return [true, `${promise.id}, ${receipt.id} and ${signed.ledgers[0].id} reach the trusted keys of ${trusted.origin}`];
}

async function checkOriginal(original, name, file, statement, whole) {
  if (name !== undefined && name !== file) throw new Refusal(`the file is ${name}, the bundle's ${file}`);
  const found = await measure(original, { whole });
  mustEqual("size", found.size, statement.size, "that of the statement");
  mustEqual("SHA-256", found.sha256, statement.sha256, "that of the statement");
  mustEqual("parts_root", found.parts_root, statement.parts_root, "that of the statement");
  return [true, `${found.size} bytes, SHA-256 ${found.sha256}`];
}

function mustEqual(name, found, expected, what) {
  if (found !== expected) throw new Refusal(`${name} is ${found}, not ${what} (${expected})`);
}

function verdict(made, { trusted, file, entry, sealed }) {
  const failed = made.find((check) => check.ok === false);
  const named = file === undefined ? "bundle" : printable(file);
  if (failed) return verdictOf(Status.BROKEN, made, `BROKEN: ${named}: ${failed.name}: ${failed.detail}`);
  const status = trusted ? Status.VERIFIED : Status.CONSISTENT_BUT_UNTRUSTED;
  const rest = made.some((check) => check.name === "original" && check.ok !== true) ? `; ${NOT_GIVEN}` : "";
  const when = `sealed ${timeText(entry.at)} at position ${sealed.position}`;
  return verdictOf(status, made, `${status}: ${named}: ${when}${rest}`);
}
