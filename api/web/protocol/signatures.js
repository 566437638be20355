/** Signatures and their domains (protocol §2), verified by the host's WebCrypto or by what the caller hands in. */

import { concat, same, toHex, utf8 } from "./bytes.js";
import { plainVerifier } from "./curves.js";
import { HostLacks, Refusal } from "./refusals.js";

/** The algorithms that sign here. */
export const ALGORITHMS = Object.freeze(["ES256", "Ed25519"]);

const KINDS = [
  "beacon", "challenge", "claim", "closing", "commitment", "cosign", "declared", "enrol", "key", "paper", "refresh",
  "seal", "sealed", "statement", "takeover",
];

/** The first line of each kind of signature. Checkpoints have none: their first line is the origin of the log. */
export const DOMAINS = Object.freeze(Object.fromEntries(KINDS.map((kind) => [kind, `pithead/${kind}/1`])));

const SIGNATURE_SIZE = 64;
const PARAMETERS = {
  ES256: { key: { name: "ECDSA", namedCurve: "P-256" }, use: { name: "ECDSA", hash: "SHA-256" } },
  Ed25519: { key: { name: "Ed25519" }, use: { name: "Ed25519" } },
};
/** The DER in front of a point on P-256, uncompressed: SubjectPublicKeyInfo of RFC 5480. */
export const P256_HEAD = Uint8Array.from(
  [0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04],
);
/** The DER in front of an Ed25519 key (RFC 8410). */
export const ED25519_HEAD = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);
const P256_FIELD = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const ED25519_FIELD = 2n ** 255n - 19n;
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const SMALL_ORDER = [0n, 1n, ED25519_FIELD - 1n, ORDER_8, ED25519_FIELD - ORDER_8];

/**
 * What verifies raw signatures. A host without WebCrypto, or without Ed25519 in it, hands in its own.
 * @typedef {object} Verifier
 * @property {(algorithm: string, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array)
 *   => boolean | Promise<boolean>} verify `publicKey` is SPKI DER that isPublicKey() took, `signature` 64 raw bytes
 */

/**
 * What signs: the public half (SPKI DER) and `sign`, which gives 64 raw bytes.
 * @typedef {object} Signer
 * @property {string} algorithm
 * @property {Uint8Array} publicKey
 * @property {(message: Uint8Array) => Uint8Array | Promise<Uint8Array>} sign
 */

/** The host's own WebCrypto; throws HostLacks where it has none or not this algorithm. @type {Verifier} */
export const webCrypto = Object.freeze({
  async verify(algorithm, publicKey, message, signature) {
    const subtle = subtleOfHost();
    const { key, use } = PARAMETERS[algorithm];
    try {
      const imported = await subtle.importKey("spki", publicKey, key, false, ["verify"]);
      return await subtle.verify(use, imported, signature, message);
    } catch (error) {
      // A host says so before it looks at the bytes; any other complaint is about the bytes.
      if (error?.name !== "NotSupportedError") return false;
      throw new HostLacks(`WebCrypto of this host has no ${algorithm}: hand in a verifier, or anyHost`);
    }
  },
});

/** WebCrypto where it can, and plain arithmetic where it cannot: slower by far, and the same answers. @type {Verifier} */
export const anyHost = Object.freeze({
  async verify(...signed) {
    try {
      return await webCrypto.verify(...signed);
    } catch (error) {
      if (error instanceof HostLacks) return plainVerifier.verify(...signed);
      throw error;
    }
  },
});

/** What is signed: the first line of this kind of signature, then the message. @returns {Uint8Array} */
export function signingInput(kind, message) {
  if (!Object.hasOwn(DOMAINS, kind)) throw new RangeError(`${kind} is no kind of signature`);
  return concat(utf8(`${DOMAINS[kind]}\n`), message);
}

/**
 * Did this key sign `message` as this kind? False for malformed keys and signatures.
 * @param {{algorithm: string, publicKey: Uint8Array, kind: string, message: Uint8Array, signature: Uint8Array}} signed
 * @param {Verifier} [verifier]
 * @returns {Promise<boolean>}
 */
export async function verify({ algorithm, publicKey, kind, message, signature }, verifier = webCrypto) {
  return verifyRaw({ algorithm, publicKey, message: signingInput(kind, message), signature }, verifier);
}

/** The same over the whole signed bytes; only checkpoints, which have no domain line, need it. */
export async function verifyRaw({ algorithm, publicKey, message, signature }, verifier = webCrypto) {
  if (signature.length !== SIGNATURE_SIZE || !isPublicKey(algorithm, publicKey)) return false;
  return verifier.verify(algorithm, publicKey, message, signature);
}

/** Is it the SPKI DER of a key for this algorithm, written the one usual way, and not a weak one? @returns {boolean} */
export function isPublicKey(algorithm, publicKey) {
  if (algorithm === "ES256") return hasForm(publicKey, P256_HEAD, 64) && isOnP256(publicKey.subarray(27));
  if (algorithm === "Ed25519") return hasForm(publicKey, ED25519_HEAD, 32) && !isWeak(publicKey.subarray(12));
  return false;
}

/** The 32 bytes of an Ed25519 key given as SPKI DER; Refusal for any other key. @returns {Uint8Array} */
export function rawPublicKey(publicKey) {
  if (!hasForm(publicKey, ED25519_HEAD, 32)) throw new Refusal("not an Ed25519 public key");
  return publicKey.subarray(12);
}

/**
 * A fresh key of this device that never leaves it: `extractable` is false, so it may be kept in IndexedDB as it is.
 * @param {"ES256" | "Ed25519"} [algorithm]
 * @returns {Promise<CryptoKeyPair>}
 */
export async function makeKeyPair(algorithm = "ES256") {
  return subtleOfHost().generateKey(PARAMETERS[algorithm].key, false, ["sign", "verify"]);
}

/** The signer over a WebCrypto key pair of P-256 or Ed25519. @param {CryptoKeyPair} pair @returns {Promise<Signer>} */
export async function signerOf({ privateKey, publicKey }) {
  const subtle = subtleOfHost();
  const algorithm = privateKey.algorithm.name === "ECDSA" ? "ES256" : privateKey.algorithm.name;
  const spki = new Uint8Array(await subtle.exportKey("spki", publicKey));
  if (!isPublicKey(algorithm, spki)) throw new Refusal("neither a P-256 nor an Ed25519 key");
  const sign = async (message) => new Uint8Array(await subtle.sign(PARAMETERS[algorithm].use, privateKey, message));
  return Object.freeze({ algorithm, publicKey: spki, sign });
}

/** An ECDSA signature over P-256 from a keystore's DER to r ‖ s, 32 bytes each; Refusal if it is none. */
export function derToRaw(der) {
  const raw = new Uint8Array(SIGNATURE_SIZE);
  let at = 2;
  for (const end of [32, 64]) {
    const size = der[at + 1];
    const number = der.subarray(at + 2, at + 2 + size);
    const digits = number[0] === 0 ? number.subarray(1) : number;
    const fits = der[at] === 2 && number.length === size && size > 0 && digits.length <= 32 && number[0] < 0x80;
    const shortest = size === 1 || number[0] !== 0 || number[1] >= 0x80;
    if (!fits || !shortest) throw new Refusal("not a signature over P-256");
    raw.set(digits, end - digits.length);
    at += 2 + size;
  }
  const whole = der[0] === 0x30 && der[1] === der.length - 2 && at === der.length;
  if (!whole) throw new Refusal("not a signature over P-256");
  return raw;
}

function subtleOfHost() {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new HostLacks(
      "this host has no WebCrypto (pages need HTTPS for it): to verify, hand in `anyHost` or a verifier of your own;"
        + " to sign, a signer {algorithm, publicKey, sign} over your keystore",
    );
  return subtle;
}

function hasForm(publicKey, head, size) {
  return publicKey.length === head.length + size && same(publicKey.subarray(0, head.length), head);
}

/** SEC 1 §3.2.2.1: both coordinates lie in the field, and y² = x³ − 3x + b. */
function isOnP256(point) {
  const [x, y] = [numberOf(point.subarray(0, 32)), numberOf(point.subarray(32))];
  return x < P256_FIELD && y < P256_FIELD && (y * y - (x * x * x - 3n * x + P256_B)) % P256_FIELD === 0n;
}

/** Points of small order, and y beyond the field: some signatures under them verify for any message. */
function isWeak(raw) {
  const y = numberOf(raw.slice().reverse()) & (2n ** 255n - 1n);
  return y >= ED25519_FIELD || SMALL_ORDER.includes(y);
}

function numberOf(bytes) {
  return BigInt(`0x${toHex(bytes)}`);
}
