/** Which server keys a device trusts: those of the first contact, pinned, and what they vouch for. */

import { contradiction, mustHoldTogether, parseKeys, reach } from "../protocol/keys.js";
import { readDeclared, verifyDeclared } from "../protocol/receipts.js";
import { KeyRefused } from "../protocol/refusals.js";
import { webCrypto } from "../protocol/signatures.js";
import { AnotherServer } from "./answers.js";

/**
 * The keys document to go on with: `served` as it is, if nothing was pinned yet or the pinned one does not contradict it.
 * AnotherServer or KeysMalformed otherwise. Keep what comes back as `pinned` only at the first time.
 * @param {unknown} served the document that the server serves now
 * @param {unknown} pinned the document of the first contact, or null
 * @returns {Promise<object>} the served document
 */
export async function meet(served, pinned, verifier = webCrypto) {
  const offered = parseKeys(served);
  try {
    await mustHoldTogether(offered, verifier);
  } catch (error) {
    throw error instanceof KeyRefused ? new AnotherServer(error.message) : error;
  }
  const otherwise = pinned === null ? null : contradiction(offered, parseKeys(pinned));
  if (otherwise !== null) throw new AnotherServer(otherwise);
  return served;
}

/** ReceiptWrong or KeyRefused unless it is a declared receipt for these bytes by a key that the pinned ones vouch for. */
export async function mustBePromised(receipt, { statement, evidence, served, pinned }, verifier = webCrypto) {
  const keys = parseKeys(served);
  await verifyDeclared(receipt, { statement, evidence, keys }, verifier);
  await reach(keys, readDeclared(receipt).key, parseKeys(pinned), verifier);
}
