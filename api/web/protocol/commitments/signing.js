/** The four ways of signing a commitment (device key, passkey, token, ink), and how each is checked (protocol §8b). */

import { concat, fromBase64url, same, textOf, toBase64url, utf8 } from "../bytes.js";
import { differingMembers, isHash, isObject } from "../canonical.js";
import { Refusal, SignatureWrong } from "../refusals.js";
import { sha256 } from "../sha256.js";
import { isPublicKey, signingInput, verifyRaw, webCrypto } from "../signatures.js";
import { challengeOf, messageOf } from "./documents.js";
import { isSm2Key, verifySm2 } from "./sm2.js";

/** The ways, in the order in which a code numbers them. */
export const WAYS = Object.freeze(["KEY", "PASSKEY", "TOKEN", "INK"]);
/** With what each way signs; SM2 is with SM3. Ink has no key: the digest of the scan is all that is bound. */
export const BY_WAY = Object.freeze({
  KEY: ["ES256", "Ed25519"], PASSKEY: ["ES256", "Ed25519"], TOKEN: ["ES256", "SM2"], INK: [],
});

const BY_KEY = ["way", "algorithm", "key", "signature"];
const MEMBERS = {
  KEY: BY_KEY, PASSKEY: [...BY_KEY, "authenticator", "client"], TOKEN: BY_KEY, INK: ["way", "scan"],
};
const [LONGEST_CLIENT, LONGEST_AUTHENTICATOR, SHORTEST_AUTHENTICATOR] = [2_048, 1_024, 37];
// Bits of an authenticator's flags (Web Authentication, 6.1): the user was there, and was found to be himself.
const [PRESENT, VERIFIED] = [1, 4];
// As browsers write an origin: lower case, no path. What else a text could mean to one reader and not to another, is none.
const ORIGIN = /^https?:\/\/([a-z0-9]+(?:[.-][a-z0-9]+)*)(?::[0-9]{1,5})?$/;
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * One signature, its binary as bytes; `told` is what the entry says of it.
 * @typedef {{way: string, algorithm?: string, key?: Uint8Array, signature?: Uint8Array, authenticator?: Uint8Array,
 *   client?: Uint8Array, scan?: string, told: object}} Signature
 */

/** The signature in a bundle; SignatureWrong if it is none. @param {unknown} document @returns {Signature} */
export function parseSignature(document) {
  if (!isObject(document) || !WAYS.includes(document.way)) {
    throw new SignatureWrong(`way is none of ${WAYS.join(", ")}`);
  }
  const { way } = document;
  if (differingMembers(document, MEMBERS[way]).length > 0) {
    throw new SignatureWrong(`a signature by ${way} has ${[...MEMBERS[way]].sort().join(", ")}`);
  }
  const { authenticator, client, ...told } = document;
  if (way === "INK") {
    if (!isHash(document.scan)) throw new SignatureWrong("scan is no SHA-256 in lower-case hex");
    return { way, scan: document.scan, told };
  }
  const { algorithm } = document;
  if (!BY_WAY[way].includes(algorithm)) throw new SignatureWrong(`algorithm is none of ${BY_WAY[way].join(", ")}`);
  const found = { way, algorithm, told };
  for (const name of MEMBERS[way].slice(2)) found[name] = binary(document, name);
  if (!isKeyOf(algorithm, found.key)) throw new SignatureWrong("key is no public key of the algorithm named");
  return found;
}

/**
 * SignatureWrong unless it is a signature of this kind over this nonce and digest; a passkey's, by this party. Ink is
 * bound by its scan alone, so there is nothing here that it could fail.
 * @param {Signature} signature
 * @param {"commitment" | "seal"} kind
 * @param {{nonce: Uint8Array, digest: Uint8Array, origin?: string, relyingParty?: string}} about
 * @param {import("../signatures.js").Verifier} [verifier]
 */
export async function mustBeSigned(signature, kind, about, verifier = webCrypto) {
  if (signature.way === "INK") return;
  if (signature.way === "PASSKEY") return mustBeAsserted(signature, about, verifier);
  const message = signingInput(kind, messageOf(about.nonce, about.digest));
  if (!(await verifies(signature, message, verifier))) {
    throw new SignatureWrong(`signature is not that of the key over this ${kind}`);
  }
}

function isKeyOf(algorithm, key) {
  return algorithm === "SM2" ? isSm2Key(key) : isPublicKey(algorithm, key);
}

async function verifies({ algorithm, key: publicKey, signature }, message, verifier) {
  if (algorithm === "SM2") return verifySm2(publicKey, message, signature);
  return verifyRaw({ algorithm, publicKey, message, signature }, verifier);
}

/** What a relying party checks of an assertion (Web Authentication, 7.2), as far as it can be checked later. */
async function mustBeAsserted(signature, { nonce, digest, origin = "", relyingParty = "" }, verifier) {
  const { authenticator } = signature;
  const client = clientOf(signature.client);
  if (client.type !== "webauthn.get" || ("crossOrigin" in client && client.crossOrigin !== false)) {
    throw new SignatureWrong("client is no assertion, or one from within another page");
  }
  if (client.challenge !== toBase64url(challengeOf(nonce, digest))) {
    throw new SignatureWrong("the challenge is not that of this commitment");
  }
  const host = ORIGIN.exec(origin)?.[1] ?? "";
  if (client.origin !== origin || !(host === relyingParty || host.endsWith(`.${relyingParty}`))) {
    throw new SignatureWrong(`the origin is not ${origin}, or that is none of ${relyingParty}`);
  }
  if (authenticator.length < SHORTEST_AUTHENTICATOR || authenticator.length > LONGEST_AUTHENTICATOR) {
    throw new SignatureWrong("authenticator is no data of an authenticator");
  }
  if (!same(authenticator.subarray(0, 32), sha256(utf8(relyingParty)))) {
    throw new SignatureWrong(`the authenticator answered another party than ${relyingParty}`);
  }
  if (!(authenticator[32] & PRESENT) || !(authenticator[32] & VERIFIED)) {
    throw new SignatureWrong("the authenticator did not verify the user");
  }
  if (!(await verifies(signature, concat(authenticator, sha256(signature.client)), verifier))) {
    throw new SignatureWrong("signature is not that of the passkey over what it was shown");
  }
}

function clientOf(data) {
  if (data.length > LONGEST_CLIENT) throw new SignatureWrong("client is too long");
  let [text, found] = ["", null];
  try {
    text = textOf(data);
    found = JSON.parse(text);
  } catch {
    throw new SignatureWrong("client is no JSON");
  }
  if (saysTwice(text)) throw new SignatureWrong("client says something twice");
  if (!isObject(found)) throw new SignatureWrong("client is no object");
  return Object.assign(Object.create(null), found); // So that only what is written there is there.
}

/** Does an object in this JSON have a member twice? `JSON.parse` keeps the last one and tells nobody. */
function saysTwice(json) {
  const open = [];
  let text = null;
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      if (open.at(-1).has(text)) return true;
      open.at(-1).add(text);
    } else if (token !== ",") text = JSON.parse(token);
  }
  return false;
}

function binary(members, name) {
  try {
    return fromBase64url(members[name]);
  } catch (error) {
    throw error instanceof Refusal ? new SignatureWrong(`${name} is ${error.message}`) : error;
  }
}
