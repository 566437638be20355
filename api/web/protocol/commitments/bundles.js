/** The bundle of a commitment (protocol §8b): one file with all that proves it, and its check without asking anyone. */

import { fromBase64url, utf8 } from "../bytes.js";
import { differingMembers, isObject, parseCanonical } from "../canonical.js";
import { decodeEntry } from "../entries.js";
import { contradiction, mustHoldTogether, parseKeys } from "../keys.js";
import { included, mustReach, signedCheckpoint } from "../places.js";
import { mustNameAPlace } from "../receipts.js";
import { Refusal } from "../refusals.js";
import { sha256, sha256Hex } from "../sha256.js";
import { webCrypto } from "../signatures.js";
import { Checks, printable, Status, timeText, verdictOf } from "../verdicts.js";
import * as acts from "./acts.js";
import { decodeCommitment } from "./documents.js";
import { mustBeSigned, parseSignature } from "./signing.js";

/** The version of the bundle of a commitment. */
export const COMMITMENT_BUNDLE_VERSION = "pithead/commitment-bundle/1";
/** The most bytes of it; the PDF is most of it. */
export const COMMITMENT_BUNDLE_LIMIT = 16_777_216;
/** What is said of ink wherever it is checked. */
export const IN_INK = "signed in ink: a scan is bound by its digest, and no key signed; ink is the lower level";

const MEMBERS = ["v", "commitment", "signature", "pdf", "entries", "checkpoint", "keys"];
const PLACE = ["payload", "salt", "position", "proof"];

/** Do these bytes look like a bundle of a commitment, whatever their file is called? @returns {boolean} */
export function isCommitmentBundle(data) {
  const end = utf8(`"v":"${COMMITMENT_BUNDLE_VERSION}"}`);
  return data.length > end.length && end.every((byte, at) => data[data.length - end.length + at] === byte);
}

/**
 * Check a bundle, and whether its keys reach the trusted ones if given. Rejects for nothing that it is given to check.
 *
 * Without trusted keys the best status is CONSISTENT BUT UNTRUSTED, since anyone can make such a bundle. Whether the
 * commitment was superseded or ended later, no bundle can say.
 * @param {Uint8Array} data
 * @param {{trust?: object | null, verifier?: import("../signatures.js").Verifier}} [options]
 * @returns {Promise<import("../verdicts.js").Verdict>}
 */
export async function verifyCommitment(data, { trust = null, verifier = webCrypto } = {}) {
  const checks = new Checks();
  const parts = await checks.run("bundle", [], () => read(data));
  const keys = await checks.run("keys", [parts], ({ keys: document }) => readKeys(document, verifier));
  const about = await checks.run("commitment", [parts], ({ document }) => readCommitment(document));
  const said = await checks.run("entries", [parts], readEntries);
  await checks.run("agreement", [parts, about, said], checkAgreement);
  await checkSignatures(checks, { parts, about, said }, verifier);
  await checks.run("pdf", [parts, said], checkPdf);
  const signed = await checks.run("checkpoint", [parts, said, keys], (...found) => checkCheckpoint(...found, verifier));
  await checks.run("inclusion", [parts, signed], checkInclusion);
  if (trust === null) {
    checks.skip("trust", "no trusted keys given: anyone could have made this bundle");
  } else {
    await checks.run("trust", [keys, signed, said], (...found) => checkTrust(trust, found, verifier));
  }
  return verdict(checks.made, { about, said, trusted: trust !== null });
}

/**
 * The commitment in a bundle, the entry of its signing and its PDF, to be shown; Refusal for what has no form. It proves
 * nothing: `verifyCommitment` does.
 * @param {Uint8Array} data
 */
export function partsOf(data) {
  const [{ document, pdf, entries }] = read(data);
  return { commitment: decodeCommitment(document), digest: sha256Hex(document), pdf, signed: entries.signed?.payload };
}

/** The principal's signature, that the key is his, and the company's seal if there is one. */
async function checkSignatures(checks, { parts, about, said }, verifier) {
  if (parts?.signature.way === "INK") {
    checks.skip("signature", IN_INK);
  } else {
    await checks.run("signature", [parts, about, said], (...found) => checkSignature(...found, verifier));
    await checks.run("key", [parts, about, said], checkKey);
  }
  if (!parts?.seal) return;
  if (parts.seal.way === "INK") checks.skip("seal", IN_INK);
  else await checks.run("seal", [parts, about], (...found) => checkSeal(...found, verifier));
}

/** The members, with the signatures read and the binary as bytes; `seal` is null where there is none. */
function read(data) {
  const members = parseCanonical(data, COMMITMENT_BUNDLE_LIMIT);
  const isSealed = Object.hasOwn(members, "seal");
  const differing = differingMembers(members, isSealed ? [...MEMBERS, "seal"] : MEMBERS);
  if (differing.length > 0) throw new Refusal(`missing or unknown: ${differing.join(", ")}`);
  if (members.v !== COMMITMENT_BUNDLE_VERSION) throw new Refusal(`v is not ${COMMITMENT_BUNDLE_VERSION}`);
  if (typeof members.commitment !== "string" || typeof members.checkpoint !== "string") {
    throw new Refusal("commitment or checkpoint is no text");
  }
  const pdf = named("pdf", () => fromBase64url(members.pdf));
  const signature = named("signature", () => parseSignature(members.signature));
  const seal = isSealed ? named("seal", () => parseSignature(members.seal)) : null;
  if (seal?.way === "PASSKEY") throw new Refusal("seal: a passkey is a person's");
  if (!isObject(members.entries)) throw new Refusal("entries is no object");
  for (const [name, item] of Object.entries(members.entries)) {
    if (!isObject(item) || differingMembers(item, PLACE).length > 0) {
      throw new Refusal(`entries: ${name} is no object of ${[...PLACE].sort().join(", ")}`);
    }
    named(name, () => mustNameAPlace({ ...item, checkpoint: "" }));
  }
  const document = utf8(members.commitment);
  return [{ ...members, document, pdf, signature, seal }, `canonical, ${data.length} bytes`];
}

function named(name, step) {
  try {
    return step();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`${name}: ${error.message}`) : error;
  }
}

async function readKeys(document, verifier) {
  const list = parseKeys(document);
  await mustHoldTogether(list, verifier);
  return [list, `${list.keys.size} keys of ${list.origin}`];
}

function readCommitment(document) {
  const about = decodeCommitment(document);
  return [about, `${about.mine_name}, ${about.year}, ${about.clauses.length} clauses, by ${about.principal_name}`];
}

/** The entries, those of this way of signing and no others. */
function readEntries({ entries: there, signature, seal, pdf }) {
  const signed = Object.hasOwn(there, "signed") ? decodeEntry(utf8(there.signed.payload)) : null;
  if (signed?.kind !== acts.KINDS.signed) throw new Refusal(`there is no entry ${acts.KINDS.signed}`);
  acts.mustHaveForm(signed);
  const names = acts.needed(signature, { sealed: seal !== null, stamped: pdf.length > signed.data.pdf_size });
  const differing = differingMembers(there, names);
  if (differing.length > 0) throw new Refusal(`missing or unknown: ${differing.join(", ")}`);
  const found = {};
  for (const name of names) {
    found[name] = named(name, () => decodeEntry(utf8(there[name].payload)));
    const { kind } = found[name];
    if (kind !== acts.KINDS[name]) throw new Refusal(`${name}: kind is ${kind}, not ${acts.KINDS[name]}`);
  }
  return [found, `${signed.subject}, signed ${timeText(signed.at)}`];
}

function checkAgreement(parts, about, said) {
  acts.mustAgree(said, { ...parts, about });
  return [true, `entries and commitment name digest ${said.signed.data.digest}`];
}

async function checkSignature({ document, signature }, { nonce }, said, verifier) {
  const { origin, relying_party: relyingParty } = said.signed.data;
  await mustBeSigned(signature, "commitment", { nonce, digest: sha256(document), origin, relyingParty }, verifier);
  return [true, `${signature.way}, ${signature.algorithm}`];
}

function checkKey({ signature }, about, said) {
  const officer = acts.mustBeHis(said, { about, signature });
  return [true, `checked by ${officer} at ${timeText(said.checked.at)}`];
}

async function checkSeal({ document, seal }, { nonce }, verifier) {
  await mustBeSigned(seal, "seal", { nonce, digest: sha256(document) }, verifier);
  return [true, `${seal.way}, ${seal.algorithm}`];
}

/** The PDF is the previewed one, or that with stamps behind it as the log has it. */
function checkPdf({ pdf }, { signed, stamped }) {
  if (sha256Hex(pdf.subarray(0, signed.data.pdf_size)) !== signed.data.pdf) {
    throw new Refusal("it is not the PDF that was signed for");
  }
  if (stamped === undefined) return [true, `${pdf.length} bytes, not stamped`];
  if (stamped.data.stamped !== sha256Hex(pdf)) {
    throw new Refusal("what stands behind the signed PDF is not the stamp that the log names");
  }
  return [true, `${pdf.length} bytes, stamped at ${timeText(stamped.at)}`];
}

/** The checkpoint, whose every signature is checked, for one that is not would be an unseen place to write in. */
async function checkCheckpoint(parts, said, keys, verifier) {
  const when = { first: said.signed.at, last: Number.MAX_SAFE_INTEGER, verifier };
  const [signed, where] = await signedCheckpoint(parts, keys, when);
  const strange = signed.checkpoint.signatures.find((line) => line.key === null);
  if (strange) throw new Refusal(`there is a signature of ${strange.name} that no key of the list can check`);
  return [signed, where];
}

function checkInclusion({ entries }, signed) {
  const found = Object.entries(entries).map(([name, item]) => [name, named(name, () => included(item, signed))[1]]);
  return [true, `${found.length} entries, signed at ${Object.fromEntries(found).signed}`];
}

async function checkTrust(document, [keys, signed, said], verifier) {
  const trusted = parseKeys(document);
  const otherwise = contradiction(keys, trusted);
  if (otherwise !== null) throw new Refusal(otherwise);
  await mustReach(keys, signed, trusted, { first: said.signed.at, last: Number.MAX_SAFE_INTEGER, verifier });
  return [true, `${signed.ledgers[0].id} reaches the trusted keys of ${trusted.origin}`];
}

function verdict(made, { about, said, trusted }) {
  const failed = made.find((check) => check.ok === false);
  const name = about === null ? "commitment" : `commitment of ${about.mine_name} for ${about.year}`;
  if (failed || about === null || said === null) {
    const where = failed ? `${failed.name}: ${failed.detail}` : "nothing was checked";
    return verdictOf(Status.BROKEN, made, printable(`BROKEN: ${name}: ${where}`));
  }
  const status = trusted ? Status.VERIFIED : Status.CONSISTENT_BUT_UNTRUSTED;
  return verdictOf(status, made, printable(`${status}: ${name}: ${acts.toldOf(said.signed)}`));
}
