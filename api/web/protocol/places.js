/** Where an entry stands in the log (protocol §5, §6, §9): its checkpoint, and the path from its leaf to the root. */

import { fromBase64url, fromHex, same, toBase64url, toHex, utf8 } from "./bytes.js";
import { differingMembers, parseCanonical } from "./canonical.js";
import { parseCheckpoint, signersNamed } from "./checkpoints.js";
import { decodeEntry, entryDigest } from "./entries.js";
import { contradiction, mustHoldTogether, noteKeys, parseKeys, reach, wasValidBetween } from "./keys.js";
import { inclusionRoot, leafHash } from "./merkle.js";
import { mustNameAPlace } from "./receipts.js";
import { Refusal } from "./refusals.js";
import { webCrypto } from "./signatures.js";

/** The most bytes of a proven entry. */
export const PROVEN_LIMIT = 262_144;

const VERSION = "pithead/proven/1";
const MEMBERS = ["v", "payload", "salt", "position", "proof", "checkpoint", "keys"];

/** The checkpoint, and the ledger keys of the list that signed it and were in use from `first` to `last`; Refusal. */
export async function signedCheckpoint(members, list, { first, last, verifier = webCrypto }) {
  const checkpoint = await parseCheckpoint(members.checkpoint, noteKeys(list), verifier);
  if (checkpoint.origin !== list.origin) {
    throw new Refusal(`origin is ${checkpoint.origin}, not that of the keys (${list.origin})`);
  }
  const publics = signersNamed(checkpoint, list.origin).map((key) => toBase64url(key.publicKey));
  const signers = [...list.keys.values()].filter((key) => key.name === "ledger" && publics.includes(key.public));
  if (signers.length === 0) throw new Refusal("no ledger key of the list signed it");
  const ledgers = signers.filter((key) => wasValidBetween(key, first, last));
  if (ledgers.length === 0) throw new Refusal(`key ${signers[0].id} was not valid between entry and receipt`);
  const by = ledgers.map((key) => key.id).join(", ");
  return [{ checkpoint, ledgers }, `size ${checkpoint.size}, signed by ${by}`];
}

/** That the entry's leaf, at its position, leads by the proof to the checkpoint's root; Refusal. */
export function included(members, { checkpoint }) {
  const where = `position ${members.position} in a tree of ${checkpoint.size}`;
  if (BigInt(members.position) >= checkpoint.size) throw new Refusal(`there is no ${where}`);
  const leaf = leafHash(entryDigest(fromBase64url(members.salt), utf8(members.payload)));
  const count = members.proof.length;
  const root = inclusionRoot(leaf, BigInt(members.position), checkpoint.size, members.proof.map(fromHex));
  if (root === null) throw new Refusal(`a proof of ${count} hashes is too short or too long for ${where}`);
  if (!same(root, checkpoint.root)) {
    throw new Refusal(`entry, salt, proof or root is wrong: ${where} leads to root ${toHex(root)}`);
  }
  return [true, `${where}, ${count} hashes`];
}

/** Refusal unless a ledger key that signed reaches the trusted list and was in use by what that says. */
export async function mustReach(list, { ledgers }, trusted, { first, last, verifier = webCrypto }) {
  const reached = [];
  for (const ledger of ledgers) reached.push(await reach(list, ledger.id, trusted, verifier));
  if (!reached.some((ledger) => wasValidBetween(ledger, first, last))) {
    throw new Refusal(`key ${ledgers[0].id} was not valid between entry and receipt`);
  }
}

/**
 * The entry in a file of one proven entry if the log holds it, and where; Refusal says what does not hold.
 * @param {Uint8Array} data
 * @param {{trust?: object | null, verifier?: import("./signatures.js").Verifier}} [options]
 * @returns {Promise<[{kind: string, subject: string, at: number, data: object}, string]>}
 */
export async function readProven(data, { trust = null, verifier = webCrypto } = {}) {
  const members = parseCanonical(data, PROVEN_LIMIT);
  if (differingMembers(members, MEMBERS).length > 0 || members.v !== VERSION) {
    throw new Refusal(`the proof is not an object of ${[...MEMBERS].sort().join(", ")} with v ${VERSION}`);
  }
  mustNameAPlace(members);
  const list = parseKeys(members.keys);
  await mustHoldTogether(list, verifier);
  const entry = decodeEntry(utf8(members.payload));
  const when = { first: entry.at, last: Number.MAX_SAFE_INTEGER, verifier };
  const [signed] = await signedCheckpoint(members, list, when);
  const [, where] = included(members, signed);
  if (trust !== null) {
    const trusted = parseKeys(trust);
    const otherwise = contradiction(list, trusted);
    if (otherwise !== null) throw new Refusal(otherwise);
    await mustReach(list, signed, trusted, when);
  }
  return [entry, where];
}
