/** Checking the code of a notice board against the trusted keys (protocol §8b), without network and the commitment. */

import { fromHex, same, toBase64, utf8 } from "../bytes.js";
import { keyHash } from "../checkpoints.js";
import { parseKeys, wasValidBetween } from "../keys.js";
import { Refusal } from "../refusals.js";
import { verifyRaw, webCrypto } from "../signatures.js";
import { Checks, printable, Status, verdictOf } from "../verdicts.js";
import { mustBeHisAct, toldOf } from "./acts.js";
import { IN_INK } from "./bundles.js";
import { decodeCode, rootOf, signatureOf } from "./codes.js";
import { mustBeSigned } from "./signing.js";

/**
 * What the text of a QR code proves by itself, and by the trusted keys if given. Rejects for no text.
 *
 * The code has no clauses: its digest is that of the commitment whose bundle, or public page, has them. Who checked the
 * key is named by the entry and proven by the bundle, so the best verdict leaves one check unmade.
 * @param {string} text
 * @param {{trust?: object | null, verifier?: import("../signatures.js").Verifier}} [options]
 * @returns {Promise<import("../verdicts.js").Verdict>}
 */
export async function verifyCode(text, { trust = null, verifier = webCrypto } = {}) {
  const checks = new Checks();
  const code = await checks.run("code", [], () => readCode(text));
  if (code?.entry.data.way === "INK") checks.skip("signature", IN_INK);
  else await checks.run("signature", [code], (found) => checkSignature(found, verifier));
  const checked = code?.entry.data.checked;
  if (checked !== undefined) checks.skip("key", `entry ${checked} says who checked it: the bundle has that`);
  if (trust === null) {
    checks.skip("checkpoint", "no trusted keys given: anyone could have made this code");
  } else {
    await checks.run("checkpoint", [code], (found) => checkCheckpoint(found, trust, verifier));
  }
  return verdict(checks.made, code, trust !== null);
}

function readCode(text) {
  const code = decodeCode(text);
  mustBeHisAct(code.entry);
  return [code, `commitment ${code.entry.subject}, digest ${code.entry.data.digest}`];
}

async function checkSignature(code, verifier) {
  const { data } = code.entry;
  const about = { nonce: code.nonce, digest: fromHex(data.digest), origin: data.origin };
  await mustBeSigned(signatureOf(code), "commitment", { ...about, relyingParty: data.relying_party }, verifier);
  return [true, `${data.way}, ${data.algorithm}`];
}

/** A trusted key of the log signed the root that entry, salt and proof lead to. */
async function checkCheckpoint(code, trust, verifier) {
  const { origin, keys } = parseKeys(trust);
  const known = [...keys.values()].filter((key) =>
    key.name === "ledger" && key.algorithm === "Ed25519" && same(keyHash(origin, key.publicKey), code.keyHash));
  if (known.length === 0) {
    throw new Refusal(`no key of ${origin} in the trusted list signed it: the list may be an old one`);
  }
  const message = utf8(`${origin}\n${code.size}\n${toBase64(rootOf(code))}\n`);
  const where = `position ${code.position} of ${code.size}`;
  for (const { id, publicKey, ...key } of known) {
    const signed = { algorithm: "Ed25519", publicKey, message, signature: code.logSignature };
    if (!(await verifyRaw(signed, verifier))) continue;
    if (!wasValidBetween(key, code.entry.at, Number.MAX_SAFE_INTEGER)) {
      throw new Refusal(`key ${id} was no longer in use when it was signed`);
    }
    return [true, `${where}, signed by ${id} of ${origin}`];
  }
  throw new Refusal(`entry, salt, proof or signature is wrong: ${known[0].id} did not sign where ${where} leads`);
}

function verdict(made, code, trusted) {
  const failed = made.find((check) => check.ok === false);
  const name = code === null ? "code" : `commitment of ${code.entry.data.mine_name} for ${code.entry.data.year}`;
  if (failed || code === null) {
    const where = failed ? `${failed.name}: ${failed.detail}` : "nothing was checked";
    return verdictOf(Status.BROKEN, made, printable(`BROKEN: ${name}: ${where}`));
  }
  const status = trusted ? Status.VERIFIED : Status.CONSISTENT_BUT_UNTRUSTED;
  return verdictOf(status, made, printable(`${status}: ${name}: ${toldOf(code.entry)}`));
}
