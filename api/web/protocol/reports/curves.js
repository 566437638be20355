/** X25519 and Ed25519 from raw keys: by WebCrypto where it has them, or by a package that the page hands in. */

import { concat, fromBase64url, fromHex, utf8 } from "../bytes.js";
import { subtle } from "./ciphers.js";
import { ReportMalformed } from "./malformed.js";

const HEADS = {
  X25519: fromHex("302e020100300506032b656e04220420"),
  Ed25519: fromHex("302e020100300506032b657004220420"),
};

/**
 * What a host computes on both curves; keys are 32 raw bytes, `agree` gives zeros or throws for keys of small order.
 * @typedef {{agree(secret: Uint8Array, open: Uint8Array): Promise<Uint8Array>, boxPublic(secret: Uint8Array):
 *   Promise<Uint8Array>, signPublic(seed: Uint8Array): Promise<Uint8Array>, sign(seed: Uint8Array,
 *   message: Uint8Array): Promise<Uint8Array>}} Curves
 */

/** WebCrypto's. @type {Curves} */
export const webCurves = Object.freeze({
  async agree(secret, open) {
    const theirs = await subtle().importKey("raw", open, "X25519", false, []);
    const mine = await secretKey("X25519", secret, ["deriveBits"]);
    return new Uint8Array(await subtle().deriveBits({ name: "X25519", public: theirs }, mine, 256));
  },
  boxPublic: (secret) => publicOf("X25519", secret, ["deriveBits"]),
  signPublic: (seed) => publicOf("Ed25519", seed, ["sign"]),
  async sign(seed, message) {
    return new Uint8Array(await subtle().sign("Ed25519", await secretKey("Ed25519", seed, ["sign"]), message));
  },
});

/** The same over TweetNaCl, for browsers whose WebCrypto has neither curve. @returns {Curves} */
export function curvesOf(nacl) {
  return Object.freeze({
    agree: async (secret, open) => nacl.scalarMult(secret, open),
    boxPublic: async (secret) => nacl.scalarMult.base(secret),
    signPublic: async (seed) => nacl.sign.keyPair.fromSeed(seed).publicKey,
    sign: async (seed, message) => nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(seed).secretKey),
  });
}

/** Does WebCrypto of this host have both curves? It is tried, since no browser says so. @returns {Promise<boolean>} */
export async function hasBothCurves() {
  try {
    const seed = new Uint8Array(32).fill(7);
    await webCurves.agree(seed, await webCurves.boxPublic(seed));
    await webCurves.signPublic(seed);
    return (await webCurves.sign(seed, utf8("pithead"))).length === 64;
  } catch {
    return false;
  }
}

/** The secret that both sides share; ReportMalformed for a public key that gives everybody the same one. */
export async function shared(curves, secret, open) {
  if (open.length !== 32) throw new ReportMalformed("public key");
  let found;
  try {
    found = await curves.agree(secret, open);
  } catch {
    throw new ReportMalformed("public key");
  }
  if (found.every((byte) => byte === 0)) throw new ReportMalformed("public key");
  return found;
}

function secretKey(algorithm, secret, uses, extractable = false) {
  return subtle().importKey("pkcs8", concat(HEADS[algorithm], secret), algorithm, extractable, uses);
}

async function publicOf(algorithm, secret, uses) {
  const { x } = await subtle().exportKey("jwk", await secretKey(algorithm, secret, uses, true));
  return fromBase64url(x);
}
